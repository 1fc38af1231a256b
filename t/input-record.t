# SPDX-License-Identifier: Apache-2.0
# Database Log: one record for what was found in a request, floods as a number,
# the daily tally, and the review that leads from DetectOnly to On. Never a value.
use strict;
use warnings FATAL => 'all';
use IO::Socket::INET ();
use JSON::PP ();
use SPBE::Test;
use Test::More;
use Time::HiRes qw(sleep time);

my $json = JSON::PP->new->utf8->canonical;
my $dir = "$ENV{SPBE_ROOT}/own-catatan";
my $home = "$dir/home";
my $nik = '3171011708900001';
my $word = 'R4hasia-Kanari';
my $bare = 'KANARI';
my $token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJrYW5hcmkifQ.c2lnbmF0dXJla2FuYXJp';

mkdir $dir;
mkdir "$dir/isi";
mkdir "$dir/isi/$_" for qw(izin surat tutup galat gagal);
spew("$dir/isi/$_/index.html", "<p>ok</p>\n") for qw(izin surat tutup galat gagal);
spew("$dir/isi/izin/index.html", "<html><head></head><body><form><input name=nik></form></body></html>\n");
rawd('rusak', ['body'], ['send64', b64(http_raw('200 OK', 'text/html', "PHP Fatal error:  Uncaught RuntimeException: KANARI-BOCOR in /srv/apps/php/izin.php:31\nStack trace:\n#0 {main}\n  thrown in /srv/apps/php/izin.php on line 31\n"))]);
system("$ENV{SPBE_W}/lib/spbe-guardctl", '--home', $home, 'init') == 0 or BAIL_OUT('init failed');

my $own = own_server('catatan', <<"CONF");
LoadModule spbe_t_module $ENV{SPBE_W}/lib/mod_spbe_t.so
SpbeGuardLog "|$ENV{SPBE_W}/lib/spbe-guardlog --home $home"
SpbeGuardFailure On
SpbeGuardInput On
ProxyPass /raw http://127.0.0.1:$ENV{SPBE_RAWD}
Alias /isi $dir/isi
<Directory $dir/isi>
    Require all granted
</Directory>
<Location /isi/izin>
    SpbeGuardApplication "Layanan Izin"
    SpbeGuardClientScript On
    SpbeGuardParam nik nik required label=NIK
    SpbeGuardParam kategori string values=buku|majalah sensitivity=public
    SpbeGuardParam sandi string maxlen=5 sensitivity=secret
    SpbeGuardParam nama string maxlen=5
    SpbeGuardUnknown reject
</Location>
<Location /isi/surat>
    SpbeGuardApplication Surat
    SpbeGuardInput DetectOnly
    SpbeGuardParam nomor string maxlen=5
</Location>
<Location /isi/tutup>
    SpbeGuardApplication Tutup
    Require all denied
</Location>
<Location /isi/galat>
    SpbeGuardApplication Galat
    SpbeGuardParam nik nik required
    ErrorDocument 422 /raw/rusak
</Location>
<Location /isi/gagal>
    SpbeGuardApplication Galat
    SpbeGuardParam nik nik required
    ErrorDocument 422 /gagal?500
</Location>
<Location /gagal>
    SpbeGuardApplication Gagal
    SpbeGuardInput DetectOnly
    SpbeGuardParam nomor string maxlen=5
    SetHandler t-status
</Location>
CONF
ok($own->{pid}, 'a server of its own') or do { diag $own->{output}; diag slurp($own->{log}); done_testing; exit };

sub ask { my ($path, %o) = @_; return get($path, vhost => 'SPBE_OWN_catatan', %o) }

sub tool {
    my @args = @_;
    open my $out, '-|', "$ENV{SPBE_W}/lib/spbe-guardctl", '--home', $home, @args or die "spbe-guardctl: $!";
    local $/;
    my $text = <$out>;
    close $out;
    return $text;
}

sub found {
    my $ref = shift or return undef;
    return wait_for(8, sub { my $text = `$ENV{SPBE_W}/lib/spbe-guardctl --home $home show '$ref' --json --key $ENV{SPBE_KEY} 2>/dev/null`; $text ? $json->decode($text) : undef });
}

sub listed { return @{ $json->decode(tool('list', '--limit', 0, '--json', '--key', $ENV{SPBE_KEY}, @_)) } }

# --- one record for each refusal ---------------------------------------------------

my @rows = (
    { name => 'not the format', query => 'nik=12', reason => 'schema', keyword => 'format', field => 'nik', event => 'input_validation_fail', masked => '99' },
    { name => 'missing', query => 'kategori=buku', place => 'form', reason => 'schema', keyword => 'required', field => 'nik', event => 'input_validation_fail' },
    { name => 'not in the list', query => "nik=$nik&kategori=koran", reason => 'schema', keyword => 'enum', field => 'kategori', event => 'input_validation_discrete_fail', severity => 'error', text => 'koran' },
    { name => 'secret', query => "nik=$nik&sandi=$word", reason => 'schema', keyword => 'maxLength', field => 'sandi', event => 'input_validation_fail' },
    { name => 'unknown field', query => "nik=$nik&pengurus=$word", reason => 'unknown-field', field => 'pengurus', event => 'malicious_extraneous', masked => 'A9aaaaa-Aaaaaa' },
    { name => 'a value without a name', query => "${bare}900Zq7", reason => 'unknown-field', field => 'AAAAAA999Aa9', event => 'malicious_extraneous' },
    { name => 'the rest of a password', query => "nik=$nik&sandi=a&${bare}901-zq7", reason => 'unknown-field', field => 'AAAAAA999-aa9', event => 'malicious_extraneous' },
    { name => 'a value without a name, among others', query => "nik=12&${bare}902.zq7", reason => 'unknown-field', field => 'AAAAAA999.aa9', event => 'malicious_extraneous' },
    { name => 'twice', query => "nik=$nik&nik=$nik", status => 400, reason => 'duplicate', field => 'nik', event => 'input_validation_fail' },
    { name => 'percent', query => "nik=%zz$nik", status => 400, reason => 'percent-encoding', field => 'nik', event => 'input_validation_fail' },
);
for my $row (@rows) {
    my $r = ask("/isi/izin/?$row->{query}");
    is($r->{status}, $row->{status} // 422, "$row->{name}: refused");
    my $record = found($r->h('X-Request-Ref'));
    ok($record, "$row->{name}: recorded") or next;
    my %want = (kind => 'anomaly', class => 'input', action => 'refused', wanted => 'reject', place => $row->{place} // 'query', application => 'Layanan Izin',
        route => '/isi/izin/', status_in => $row->{status} // 422, client => '127.0.0.1', severity => $row->{severity} // 'warning',
        map { ($_ => $row->{$_}) } grep { exists $row->{$_} } qw(reason keyword field event));
    is($record->{$_}, $want{$_}, "$row->{name}: $_") for sort keys %want;
    my ($finding) = grep { ($_->{field} // '') eq $row->{field} && $_->{reason} eq $row->{reason} } @{ $record->{findings} || [] };
    ok($finding, "$row->{name}: in the details") or next;
    is($finding->{$_}, $row->{$_}, "$row->{name}: value's $_") for grep { exists $row->{$_} } qw(masked text);
    if ($row->{name} eq 'secret') {
        ok(!exists $finding->{$_}, "secret: no $_") for qw(masked text hash);
        is($finding->{length}, length $word, 'secret: its length');
        my ($field) = grep { $_->{name} eq 'sandi' } @{ $record->{input}{fields} };
        ok($field && !defined $field->{masked}, 'secret: not its form in the input either');
    }
    like($finding->{hash}, qr/^[0-9a-f]{16}$/, "$row->{name}: hash") if $row->{masked};
    ok($record->{input} && $record->{input}{fields}, "$row->{name}: Isian Formulir");
    is(scalar @{ $record->{related} }, 0, "$row->{name}: nothing else under its reference");
}

# the same value is known again, across requests
{
    my @hash = map { my $f = found(ask("/isi/izin/?$_")->h('X-Request-Ref')); ($f->{findings} || ($f->{full} || {})->{findings})->[0]{hash} }
        'nik=0000000000000000', "nik=0000000000000000&nama=Ani";
    ok($hash[0] && ($hash[1] // '') eq $hash[0], 'the same value has the same hash');
}

# --- hostile names and values stay what they are: text ----------------------------------

my @hostile = ("x'); DROP TABLE records; DROP TABLE anomalies; --", "a\r\n{\"v\":1,\"w\":\"palsu\",\"s\":1}\r\n", "\e[2J\e]0;judul\a", "a\xe2\x80\xa8b\xe2\x80\xae", "\xff\xfe",
    "nik=$nik", $nik, "password=$word", $token, '"}],"h":{"kind":"error"', '{{7*7}}<script>alert(1)</script>', '%n%s%d', 'reject|schema|enum|form|lain');
my @refs;
for my $text (@hostile) {
    (my $sent = $text) =~ s/([^A-Za-z0-9])/sprintf '%%%02X', ord $1/ge;
    my $r = ask("/isi/izin/?nik=$nik&$sent=$sent");
    push @refs, $r->h('X-Request-Ref');
    cmp_ok($r->{status}, '>=', 400, 'hostile: refused');
    $r = ask('/isi/izin/', body => "nik=$nik&nama=$sent", headers => [['Cookie', "sesi=$token"], ['X-Kunci', $word], ['Authorization', "Bearer $token"]]);
    push @refs, $r->h('X-Request-Ref') if $r->h('X-Request-Ref');
}
ok(!(grep { !found($_) } @refs), 'hostile: every reference is found');
is(scalar(grep { ($_->{kind} // '') eq 'error' } listed()), 0, 'hostile: no record was made by what was sent');

# --- recorded and let through; a failure that follows is a record of its own -------------

{
    my $r = ask('/isi/surat/?nomor=panjang-sekali');
    is($r->{status}, 200, 'DetectOnly: let through');
    my $record = wait_for(8, sub { (grep { ($_->{application} // '') eq 'Surat' } listed('--kind', 'anomaly'))[0] });
    ok($record, 'DetectOnly: recorded') and do {
        is($record->{action}, 'logged', 'DetectOnly: action');
        is($record->{wanted}, 'reject', 'DetectOnly: what On would do');
        is($record->{status_in}, 422, 'DetectOnly: the status that On would send');
    };
    $r = ask('/gagal?500');
    $r = ask("/gagal?500&nomor=panjang-sekali&${bare}903");
    my $ref = $r->h('X-Request-Ref');
    is($r->{status}, 500, 'DetectOnly: the application fails');
    $record = found($ref);
    is($record->{kind}, 'error', 'the failure is the record of the reference');
    is(($record->{related}[0] || {})->{kind}, 'anomaly', '... and the finding stands beside it');
}

# an ErrorDocument that fails itself: a failure of its own, beside the refusal
{
    my $r = ask('/isi/galat/?nik=1');
    ok(hidden($r->{wire}), 'a failing ErrorDocument: nothing leaks');
    my $record = found($r->h('X-Request-Ref'));
    is($record->{kind}, 'error', 'a failing ErrorDocument: the failure');
    is(($record->{related}[0] || {})->{action}, 'refused', '... beside the refusal that it was for');
    $r = ask('/isi/gagal/?nik=1');
    is($r->{status}, 422, 'an ErrorDocument that gives up: the refusal is answered');
    $record = found($r->h('X-Request-Ref'));
    is($record->{kind}, 'error', '... and the failure is recorded');
    is(($record->{related}[0] || {})->{action}, 'refused', '... beside the refusal that it was for');
}

# turned away by a handler, with its own page or none
for my $status (401, 403, 405, 429) {
    ask("/gagal?$status") for 1 .. 3;
    my $record = wait_for(8, sub { (grep { ($_->{application} // '') eq 'Gagal' && ($_->{reason} // '') eq "http-$status" } listed('--kind', 'access'))[0] });
    ok($record, "$status by a handler: an access record") or next;
    is($record->{status_out}, $status, "$status by a handler: status");
    is($record->{event}, { 403 => 'authz_fail', 429 => 'excess_rate_limit_exceeded' }->{$status}, "$status by a handler: event");
}

# --- floods ---------------------------------------------------------------------------------

sub flood {
    my ($n, $path) = @_;
    my @r;
    while (@r < $n) {
        my $c = connection('SPBE_OWN_catatan');
        push @r, map { ask($path, via => $c) } 1 .. ($n - @r < 50 ? $n - @r : 50);
        $c->close;
    }
    return map { $_->h('X-Request-Ref') } @r;
}

# Somebody else than the one who sent everything above.
sub raw {
    my ($bytes, $from) = @_;
    my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => port('SPBE_OWN_catatan'), LocalAddr => $from || '127.0.0.1', Timeout => 5) or die $!;
    print {$s} $bytes;
    local $/;
    return scalar <$s>;
}
sub citizen { return raw("GET $_[0] HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", '127.0.0.2') }

my @same = flood(60, '/isi/izin/?nik=7&nama=banjir-sekali');
my @denied = flood(40, '/isi/tutup/');
citizen('/isi/surat/?nomor=banjir-banjir&lain=1') for 1 .. 30;
is(scalar(keys %{ { map { ($_ // '') => 1 } @same, @denied } }), 100, 'floods: each has a reference of its own');
ok(found($same[-1]) && found($denied[-1]), 'floods: arrived');
my %by = map { ($_->{ref} // '') => $_ } listed('--all');
is(scalar(grep { !$by{$_} } @same, @denied), 0, 'floods: every reference that was shown is found');
my ($first, @rest) = map { $by{$_} } @same;
ok($first->{findings}, 'floods: the first has the details');
is(scalar(grep { $_->{findings} || $_->{input} } @rest), 0, '... the others have not');
is(scalar(grep { $_->{of} ne $first->{id} } @rest), 0, '... but point to it');
my $shown = found($same[-1]);
is(($shown->{full} || {})->{id}, $first->{id}, 'show: goes on to the first');
is(scalar(grep { ($_->{field} // '') eq 'nik' && ($_->{ref} // '') && $_->{of} ne $_->{id} } listed()), 0, 'list: only the first of a flood');
($first, @rest) = map { $by{$_} } @denied;
is($first->{kind}, 'access', '403: an access record');
is($first->{event}, 'authz_fail', '403: event');
is(scalar(grep { $_->{of} ne $first->{id} } @rest), 0, '403: the others point to the first');

# --- what httpd could not accept --------------------------------------------------------------

for my $row (
    ['a bad request line', "GET /isi/izin/ HTTP/9.x\r\nHost: h\r\n\r\n", 400],
    ['a path that cannot be decoded', "GET /isi/%zz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", 400],
    ['a long line', 'GET /' . 'a' x 9000 . " HTTP/1.1\r\nHost: h\r\n\r\n", 414],
    ['an unknown expectation', "POST /isi/izin/ HTTP/1.1\r\nHost: h\r\nExpect: aneh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 417],
    ) {
    my ($name, $bytes, $status) = @$row;
    my $wire = raw($bytes);
    my ($ref) = $wire =~ /^X-Request-Ref: (\S+?)\r?$/m;
    my ($got) = $wire =~ m{^HTTP/\S+ (\d+)};
    is($got // '(none)', $status, "$name: refused by httpd");
    my $record = found($ref);
    is(($record || {})->{class}, 'protocol', "$name: class protocol") or diag $wire;
    is($record->{reason}, "http-$status", "$name: reason");
}

# --- enough clean requests to be ready -----------------------------------------------------------

flood(70, "/isi/izin/?nik=$nik");
flood(110, '/isi/surat/?nomor=12');

# --- at the stop everything that was only counted is written ---------------------------------------

kill TERM => $own->{pid};
wait_for(10, sub { !kill 0, $own->{pid} });
my @closed = wait_for(10, sub { my @c = grep { $_->{total} } listed(); @c >= 3 ? \@c : undef });
@closed = @{ $closed[0] || [] };
my ($refused) = grep { $_->{of} && $_->{of} eq $by{ $same[0] }{id} } @closed;
my ($access) = grep { $_->{of} && $_->{of} eq $by{ $denied[0] }{id} } @closed;
my ($logged) = grep { ($_->{application} // '') eq 'Surat' } @closed;
is(($refused || {})->{total}, 60, 'counted: the refusals of the flood');
is(($refused || {})->{count}, 0, '... all with a line of their own');
is(($access || {})->{total}, 40, 'counted: 403');
is(($logged || {})->{total}, 30, 'counted: only recorded');
is(($logged || {})->{count}, 29, '... without lines: no reference was shown');
like(($logged || {})->{$_} // '', qr/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, "counted: $_") for qw(first last);

my %tally;
for my $row (@{ $json->decode(tool('tally', '--json')) }) {
    $tally{ $row->{application} }{$_} += $row->{$_} for qw(received client_pages valid refused logged);
}
my $izin = $tally{'Layanan Izin'} || {};
cmp_ok($izin->{received}, '>=', 150, 'tally: Isian Formulir');
is($izin->{received}, $izin->{valid} + $izin->{refused} + $izin->{logged}, 'tally: Hasil Verifikasi adds up');
cmp_ok($izin->{valid}, '>=', 70, 'tally: valid');
is(($tally{Surat} || {})->{received}, 141, 'tally: DetectOnly');
is($tally{Surat}{logged}, 31, 'tally: only recorded');
cmp_ok($izin->{client_pages}, '>=', 70, 'tally: pages with rules for the browser');
like(tool('tally'), qr/Isian Formulir.*Formulir\s+Tervalidasi.*Hasil Verifikasi/s, 'tally: the names of the procedure');

my $review = $json->decode(tool('review', '--json', '--key', $ENV{SPBE_KEY}));
my %app = map { $_->{application} => $_ } @{ $review->{applications} };
is($app{'Layanan Izin'}{verdict}, 'on', 'review: On already');
is($app{Surat}{verdict}, 'not-ready', 'review: not ready');
my ($row) = grep { $_->{field} eq 'nomor' && $_->{requests} == 31 } @{ $app{Surat}{findings} };
ok($row, 'review: every request of the flood counts') or diag $json->encode($app{Surat});
is($row->{clients}, 2, 'review: distinct clients');
is($row->{attackers}, 1, 'review: one of them sent everything above');
is(sprintf('%.3f', $row->{share} // 0), sprintf('%.3f', 31 / 141), 'review: share');
is($row->{example}, 'aaaaaa-aaaaaa', 'review: the form of a value');
like($row->{line} // '', qr/maxLength pada isian nomor/, 'review: what would allow it');
my ($unknown) = grep { ($_->{reason} // '') eq 'unknown-field' } @{ $app{Surat}{findings} };
is($unknown->{requests}, 30, 'review: the second finding of a flood counts as well');
is($unknown->{line}, 'SpbeGuardUnknown reject', 'review: what would enforce it');
my ($twice) = grep { ($_->{reason} // '') eq 'duplicate' && $_->{field} eq 'nik' } @{ $app{'Layanan Izin'}{findings} };
is($twice->{location}, '<Location "/isi/izin/">', 'review: where');
is($twice->{line}, 'SpbeGuardMalformed duplicate log field=nik', 'review: the line that allows it');
like(tool('review'), qr/^Surat: belum siap \(not ready\): 30 permintaan dari 1 klien/m, 'review: verdict for people');
unlike(tool('review'), qr/[^\n\x20-\x7e\x80-\xff]/, 'review: nothing that moves a cursor');
like(tool('review', '--application', 'Gagal'), qr/^Gagal: /m, 'review: one application');

# the index is made anew from the archive and says the same
my @before = map { $json->encode($json->decode(tool(@$_))) } ['tally', '--json'], ['review', '--json', '--since', '2026-01-01'];
is(system("$ENV{SPBE_W}/lib/spbe-guardctl --home $home reindex >/dev/null"), 0, 'reindex');
my @after = map { $json->encode($json->decode(tool(@$_))) } ['tally', '--json'], ['review', '--json', '--since', '2026-01-01'];
is($after[$_], $before[$_], 'reindex: the same ' . (qw(tally review))[$_]) for 0, 1;

# --- never a value, in any place --------------------------------------------------------------------

my $archive = join '', map { slurp($_) } sort glob "$home/archive/*.jsonl";
my $all = $archive . slurp("$home/guard.db") . slurp("$home/guard.db-wal") . tool('list', '--limit', 0, '--json', '--all', '--key', $ENV{SPBE_KEY})
    . tool('review', '--key', $ENV{SPBE_KEY}) . tool('review', '--json', '--key', $ENV{SPBE_KEY}) . tool('tally') . slurp($own->{log});
for my $canary ($nik, $word, $token, 'c2lnbmF0dXJla2FuYXJp', "${bare}90") {
    is(index($all, $canary), -1, 'never written down: ' . substr($canary, 0, 4) . '...');
}
is(scalar(grep { !eval { $json->decode($_); 1 } } split /\n/, $archive), 0, 'the archive: one JSON object in every line');

done_testing;
