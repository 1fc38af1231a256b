# SPDX-License-Identifier: Apache-2.0
# Details are sealed in the process that wrote them: in clear they stand
# nowhere, and only a private key opens them.
use strict;
use warnings FATAL => 'all';
use Compress::Zlib ();
use File::Find ();
use JSON::PP ();
use MIME::Base64 ();
use SPBE::Test;
use Test::More;
use Time::HiRes qw(sleep time);

my $keys = "$ENV{SPBE_W}/keys";
my $root = "$ENV{SPBE_ROOT}/own-segel-data";
mkdir $root;

# A word that stands deep in a trace: in no index, in no route, in no title.
my $marker = 'TandaSegel' . join '', map { ('a' .. 'z')[rand 26] } 1 .. 12;

sub trace {
    my ($word, @more) = @_;
    return "PHP Fatal error:  Uncaught RuntimeException: KANARI-BOCOR segel in /srv/a.php:3\nStack trace:\n#0 /srv/apps/a.php(3): satu()\n#1 /srv/apps/b.php(4): dua()\n#2 /srv/$word/c.php(5): tiga()\n" . join('', @more)
        . "#3 {main}\n  thrown in /srv/a.php on line 3\n";
}
sample('segel.txt', trace($marker));
my $place = <<"CONF";
LoadModule spbe_t_module $ENV{SPBE_W}/lib/mod_spbe_t.so
SpbeGuardFailure On
Alias /split $ENV{SPBE_W}/split
<Directory $ENV{SPBE_W}/split>
    Require all granted
</Directory>
<Location /split>
    SetHandler t-split
</Location>
<Location /metrik>
    SetHandler spbe-guard-metrics
</Location>
CONF

sub fail_at {
    my ($name, $file) = @_;
    my $r = eval { get('/split/' . ($file // 'segel.txt'), vhost => "SPBE_OWN_$name") };
    return $r && $r->h('X-Request-Ref');
}

# Where the word stands: as it is, within details that are not sealed, packed
# or not, or in base64 at any place of three.
sub places_of {
    my ($word, $name, $bytes) = @_;
    my @found;
    push @found, "$name: as it is" if index($bytes, $word) >= 0;
    while ($bytes =~ /"d":"([\w-]*)"/g) {
        (my $text = $1) =~ tr{-_}{+/};
        my $d = MIME::Base64::decode_base64($text);
        push @found, "$name: in details" if index($d, $word) >= 0;
        my $plain = eval { Compress::Zlib::uncompress($d) };
        push @found, "$name: packed" if defined $plain && index($plain, $word) >= 0;
    }
    for my $shift (0 .. 2) {
        my $text = substr MIME::Base64::encode_base64(('x' x $shift) . $word, ''), 4, 12;
        push @found, "$name: base64" if index($bytes, $text) >= 0;
    }
    return @found;
}

sub places_in {
    my ($word, @folders) = @_;
    my @found;
    File::Find::find({ no_chdir => 1, wanted => sub { push @found, places_of($word, $_, slurp($_)) if -f } }, grep { -e } @folders);
    return @found;
}

sub lines_of { map { JSON::PP->new->utf8->decode($_) } split /\n/, slurp($_[0]) }

# --- what goes to the pipe: a file in its place -----------------------------------------

my $json = JSON::PP->new->utf8;
for my $case (
    # name, SpbeGuardRecipients, said in the error log, details: sealed clear none
    ['sealed', "SpbeGuardRecipients $ENV{SPBE_RECIPIENTS}", undef, 'sealed'],
    ['clear', 'SpbeGuardRecipients none', 'SG0042', 'clear'],
    ['absent', '# without SpbeGuardRecipients', 'SG0041', 'none'],
) {
    my ($name, $line, $said, $want) = @$case;
    SKIP: {
        skip '/etc/spbe-guard/recipients.pem is there: the default file cannot be absent', 1 if $name eq 'absent' && -e '/etc/spbe-guard/recipients.pem';
        my $own = own_server("segel-$name", "SpbeGuardLog $root/$name.log\n$line\n$place");
        ok($own->{pid}, "$name: a server") or do { diag $own->{output}; next };
        my $ref = fail_at("segel-$name");
        like($ref, qr/^$REF$/, "$name: a failure");
        my @lines = lines_of("$root/$name.log");
        my ($first) = grep { ($_->{h}{ref} // '') eq $ref } @lines;
        ok($first, "$name: its record") or next;
        my @d = map { $_->{d} } grep { $_->{id} eq $first->{id} } @lines;
        my @found = places_in($marker, "$root/$name.log");
        if ($want eq 'sealed') {
            is("@found", '', "$name: nothing of it in clear");
            my ($key) = grep { ($_->{h}{kind} // '') eq 'key' && $_->{h}{key} eq $first->{k} } @lines;
            ok($key, "$name: the key record");
            my ($before) = grep { $lines[$_]{id} eq $key->{id} || $lines[$_]{id} eq $first->{id} } 0 .. $#lines;
            is($lines[$before]{id}, $key->{id}, "$name: ... stands before the record");
            cmp_ok($first->{s}, '>', $key->{s}, "$name: ... with a number of its own");
            is($key->{k}, '', "$name: ... is not sealed");
            my $wrapped = $json->decode(MIME::Base64::decode_base64(do { (my $t = join '', map { $_->{d} } grep { $_->{id} eq $key->{id} && $_->{s} == $key->{s} } @lines) =~ tr{-_}{+/}; $t }));
            is(scalar @{ $wrapped->{to} }, 2, "$name: ... is for two recipients");
            cmp_ok(length "@d", '>', 100, "$name: there are details");
            is((grep { $_->{k} eq '' && $_->{d} ne '' && ($_->{h}{kind} // '') ne 'key' && $_->{p} == 1 } @lines) + 0, 0, "$name: no record has details in clear");
            unlike(slurp($own->{log}), qr/SG004[0-3]/, "$name: no complaint");
        }
        elsif ($want eq 'clear') {
            ok(scalar @found, "$name: the word is found where it stands in clear");
            is(scalar(grep { $_->{k} ne '' } @lines), 0, "$name: no key");
        }
        else {
            is("@found", '', "$name: nothing of it");
            is(join('', @d), '', "$name: no details");
            is($first->{h}{class}, 'code', "$name: the index part is whole");
        }
        like(slurp($own->{log}), qr/$said: /, "$name: $said in the error log") if $said;
        my ($count) = get('/metrik', vhost => "SPBE_OWN_segel-$name")->{body} =~ /^spbe_guard_@{[{ sealed => 'sealed', clear => 'unsealed', none => 'unkept' }->{$want}]}_total (\d+)/m;
        cmp_ok($count // 0, '>', 0, "$name: counted");
    }
}

# --- with a logger: archive, database, and who can read --------------------------------------

my $home = "$root/home";
my $tool = "$ENV{SPBE_W}/lib/spbe-guardctl";
`$tool --home $home init 2>&1`;
BAIL_OUT('init failed') if $?;
my $recipients = "$root/recipients.pem";
spew($recipients, slurp("$keys/private-public.pem"));
my $own = own_server('segel', <<"CONF");
SpbeGuardLog "|$ENV{SPBE_W}/lib/spbe-guardlog --home $home"
SpbeGuardRecipients $recipients
SpbeGuardDetailRate 0
SpbeGuardRunDir $root/run
SpbeGuardSpill $root/spill
$place
CONF
ok($own->{pid}, 'a server with a logger') or do { diag $own->{output}; done_testing; exit };

# (output, exit status)
sub show {
    my ($ref, @more) = @_;
    my $text = `$tool --home $home show $ref --json @more 2>/dev/null`;
    return ($text, $? >> 8);
}

# Those that no key opens, when all have had some seconds to arrive.
sub closed {
    my ($refs, @names) = @_;
    my @left = @$refs;
    wait_for(10, sub {
        @left = grep { my $ref = $_; !grep { index((show($ref, '--key', "$keys/$_.pem"))[0], $marker) >= 0 } @names } @left;
        return !@left;
    });
    return "@left";
}

my $ref = fail_at('segel');
is(closed([$ref], 'private'), '', 'opens with its key');
for my $case (['without a key'], ['with another key', '--key', "$keys/other.pem"], ['with a key that was not there then', '--key', "$keys/second.pem"]) {
    my ($name, @key) = @$case;
    my ($text) = show($ref, @key);
    like($text, qr/\Q$ref\E/, "$name: the index part");
    is(index($text, $marker), -1, "$name: no details");
}
is(join(' ', places_in($marker, $home, "$root/run", "$root/spill", $own->{log})), '', 'nothing of it in archive, database, ledger, spill and error log');

# --- memory of the processes --------------------------------------------------------------------

# Pages that are not dumped, empty after a fork, and locked - or it is said.
my @children = grep { slurp("/proc/$_/cmdline") =~ /apache2/ } split ' ', `ps -o pid= --ppid $own->{pid}`;
my ($seen, $missing) = (0, 0);
for my $child (@children) {
    for my $flags (slurp("/proc/$child/smaps") =~ /^VmFlags:(.*)$/mg) {
        next unless $flags =~ / dd\b/ && $flags =~ / wf\b/;
        $seen++;
        $missing++ unless $flags =~ / lo\b/;
    }
}
SKIP: {
    skip 'the kernel shows no VmFlags of these processes', 2 unless grep { slurp("/proc/$_/smaps") =~ /^VmFlags:.* wf/m } @children;
    cmp_ok($seen, '>=', scalar @children, 'each child has a page that is not dumped and empty after a fork');
    ok(!$missing || slurp($own->{log}) =~ /SG0044/, 'it is locked in memory, or the error log says that it is not');
}

# --- a change of keys, by a graceful restart, under load ------------------------------------------

my (@before, @while, @after);
push @before, fail_at('segel') for 1 .. 3;
spew($recipients, "# name: lama\n# retired: 2026-03-04\n" . slurp("$keys/private-public.pem") . "# name: baru\n" . slurp("$keys/second-public.pem"));
kill USR1 => $own->{pid};
my $until = time + 3;
while (time < $until) { push @while, fail_at('segel'); sleep 0.05 }
push @after, fail_at('segel') for 1 .. 3;
is(scalar(grep { !$_ } @before, @while, @after), 0, 'served throughout the change of keys');
is(closed(\@before, 'private'), '', 'what came before opens with the old key');
is(closed(\@after, 'second'), '', 'what came after opens with the new one');
is(join(' ', grep { my ($text) = show($_, '--key', "$keys/private.pem"); index($text, $marker) >= 0 } @after), '', '... and not with one that has retired');
is(closed(\@while, 'second', 'private'), '', 'of ' . @while . ' in between each opens with one of them');
is(join(' ', places_in($marker, $home, "$root/spill")), '', 'still nothing of it in clear');

# --- spill files ----------------------------------------------------------------------------------

# Nobody reads this pipe, and the traces are hard to pack.
sample('segel-besar.txt', trace($marker, map { "#$_ /srv/" . join('', map { sprintf '%04x', rand 65536 } 1 .. 40) . ".php($_): x()\n" } 10 .. 300));
my $spilling = own_server('segel-tumpah', <<"CONF");
SpbeGuardLog "|/bin/sleep 60"
SpbeGuardLogWait 0
SpbeGuardStopWait 0
SpbeGuardDetailRate 0
SpbeGuardRecipients $ENV{SPBE_RECIPIENTS}
SpbeGuardRunDir $root/run-tumpah
SpbeGuardSpill $root/spill-tumpah
$place
CONF
SKIP: {
    ok($spilling->{pid}, 'a server whose pipe nobody reads') or do { diag $spilling->{output}; skip 'no server', 3 };
    fail_at('segel-tumpah', 'segel-besar.txt') for 1 .. 120;
    my @files = glob "$root/spill-tumpah/*";
    my $size = 0;
    $size += -s for @files;
    cmp_ok($size, '>', 10_000, 'there are spill files');
    is(join(' ', places_in($marker, "$root/spill-tumpah")), '', 'nothing of it in them');
    my %key = map { ($_->{h}{key} => 1) } grep { ($_->{h}{kind} // '') eq 'key' } map { lines_of($_) } @files;
    ok(!(grep { $_->{k} eq '' && $_->{d} ne '' && $_->{h} && $_->{h}{kind} ne 'key' } map { lines_of($_) } @files), 'every record in them is sealed');
}

# --- what configtest says -----------------------------------------------------------------------------

my ($begin, $end) = ("-----BEGIN PUBLIC KEY-----\n", "-----END PUBLIC KEY-----\n");
my %file = (
    'kosong.pem' => '',
    'pribadi.pem' => "# halo\n" . slurp("$keys/private.pem"),
    'rsa.pem' => "$begin" . "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n$end",
    'dua-kali.pem' => slurp("$keys/private-public.pem") x 2,
    'nol.pem' => "\n\n$begin" . "MCowBQYDK2VuAyEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n$end",
    'pensiun.pem' => "# retired: 2026-03-04\n" . slurp("$keys/private-public.pem"),
    'baik.pem' => slurp("$keys/private-public.pem"),
    'terbuka.pem' => slurp("$keys/private-public.pem"),
);
spew("$root/$_", $file{$_}) for keys %file;
chmod 0644, map { "$root/$_" } keys %file;
chmod 0666, "$root/terbuka.pem";
for my $case (
    # value, exit status, what is said
    ["$root/kosong.pem", 1, 'SG0040', 'kosong.pem', 'no public key', 'openssl genpkey'],
    ["$root/pribadi.pem", 1, 'SG0040', 'pribadi.pem: line 2', 'private key'],
    ["$root/rsa.pem", 1, 'SG0040', 'rsa.pem: line 1', 'no X25519', 'openssl genpkey'],
    ["$root/dua-kali.pem", 1, 'SG0040', 'dua-kali.pem: line 4', 'twice'],
    ["$root/nol.pem", 1, 'SG0040', 'nol.pem: line 3', 'low order'],
    ["$root/pensiun.pem", 1, 'SG0040', 'pensiun.pem', 'retired', 'spbe-guardctl keys add'],
    ["$root/tidak-ada.pem", 1, 'SG0040', 'tidak-ada.pem', 'No such file'],
    [$root, 1, 'SG0040', $root],
    ['""', 1, 'SpbeGuardRecipients'],
    ["$root/baik.pem", 0, 'Syntax OK'],
    ["$root/terbuka.pem", 0, 'SG0045', 'Syntax OK'],
    ['none', 0, 'SG0042', 'Syntax OK'],
) {
    my ($value, $status, @says) = @$case;
    my ($text, $rc) = own_test('segel-periksa', "SpbeGuardLog $root/periksa.log\nSpbeGuardFailure On\nSpbeGuardRecipients $value\n");
    is($rc == 0 ? 0 : 1, $status, "$value: " . ($status ? 'refused' : 'accepted')) or diag $text;
    my @not = grep { index($text, $_) < 0 } @says;
    is("@not", '', "$value: says so") or diag $text;
}
unlike((own_test('segel-periksa', "SpbeGuardFailure On\nSpbeGuardLog $root/x.log\nSpbeGuardRecipients $root/baik.pem\n"))[0], qr/SG004/, 'a good file: not a word');
for my $where ('VirtualHost *:1', 'Location /a', 'Directory /a') {
    my ($kind) = $where =~ /^(\w+)/;
    my ($text, $rc) = own_test('segel-periksa', "<$where>\n    SpbeGuardRecipients none\n</$kind>\n");
    ok($rc != 0 && $text =~ /SpbeGuardRecipients/, "in <$kind>: refused, and named") or diag $text;
}
SKIP: {
    skip '/etc/spbe-guard/recipients.pem is there', 2 if -e '/etc/spbe-guard/recipients.pem';
    my ($text, $rc) = own_test('segel-periksa', "SpbeGuardLog $root/x.log\nSpbeGuardFailure On\n# no SpbeGuardRecipients\n");
    is($rc, 0, 'no default file: accepted');
    like($text, qr/SG0041: .*spbe-guardctl init/, '... and said what to do');
}

done_testing;
