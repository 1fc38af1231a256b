# SPDX-License-Identifier: Apache-2.0
# ErrorLog "|spbe-guardlog --error-log FILE": what handlers said in lines that
# leak is not in FILE, its reference is; every other line is as httpd wrote it,
# over rotations and restarts, and also when FILE cannot be written for a while.
use strict;
use warnings FATAL => 'all';
use SPBE::Test;
use Test::More;
use Time::HiRes qw(sleep time);

my $W = $ENV{SPBE_W};
my $DIR = "$ENV{SPBE_ROOT}/errlog-filter";
my $CGI = "$DIR/cgi";
my $PLAIN = $ENV{SPBE_MPM} eq 'event' ? 'cgid' : 'cgi';
mkdir $DIR;
mkdir $CGI;

sub script { my ($name, $text) = @_; spew("$CGI/$name", $text); chmod 0755, "$CGI/$name" }
script('lacak.py', <<'PY');
#!/usr/bin/python3
import sys
print("Content-Type: text/plain\n\nsebagian", flush=True)
print("mulai mengolah KANARI-CGI", file=sys.stderr, flush=True)
def simpan(nilai):
    raise ValueError("KANARI-CGI rahasia " + nilai)
simpan("7")
PY
script('biasa.sh', "#!/bin/sh\necho 'BIASA 12 berkas diolah' >&2\nprintf 'Content-Type: text/plain\\n\\nok\\n'\n");
script('lambat.pl', <<'PL');
#!/usr/bin/perl
$| = 1;
print "Content-Type: text/plain\n\nawal\n";
sleep 4;
die "KANARI-LAMBAT gagal";
PL
spew("$DIR/gagal.php", "<?php\nfunction simpan(\$x) { throw new RuntimeException('KANARI-PHP ' . \$x); }\nsimpan('rahasia');\n");
spew("$DIR/biasa.php", "<?php\nerror_log('BIASA pembayaran 17 diterima');\necho 'selesai';\n");
spew("$DIR/awas.php", "<?php\n\$a = [];\necho \$a['KANARI-AWAS'], 'selesai';\n");

# The same server with an error log of its own and with the filter before it.
sub server {
    my ($name, $log, $more) = @_;
    my $home = "$ENV{SPBE_ROOT}/own-$name/home";
    mkdir "$ENV{SPBE_ROOT}/own-$name";
    mkdir "$ENV{SPBE_ROOT}/own-$name/spill", 0770;
    system("$W/lib/spbe-guardctl --home $home init >/dev/null 2>&1") == 0 or diag('init failed');
    my $modules = qx(apxs -q LIBEXECDIR);
    chomp $modules;
    return own_server($name, <<"CONF");
LoadModule ${PLAIN}_module $modules/mod_$PLAIN.so
@{[ $PLAIN eq 'cgid' ? "ScriptSock $ENV{SPBE_ROOT}/own-$name/cgid.sock" : '' ]}
ErrorLog "$log"
ErrorLogFormat "[%{u}t] [%-m:%l] [pid %P] %7F: %E: [client\\ %a] [ref\\ %L] %M% ,\\ referer\\ %{Referer}i"
SpbeGuardLog "|$W/lib/spbe-guardlog --home $home"
SpbeGuardRecipients $ENV{SPBE_RECIPIENTS}
SpbeGuardSpill $ENV{SPBE_ROOT}/own-$name/spill
SpbeGuardEngine On
<Directory />
    Require all granted
</Directory>
<Location /tertutup>
    Require all denied
</Location>
ScriptAlias /cgi/ $CGI/
ProxyPass /mati/ http://127.0.0.1:$ENV{SPBE_DOWN}/ retry=0
@{[ $ENV{SPBE_FPM} ? qq(Alias /php $DIR\n<LocationMatch "^/php/">\nSetHandler "proxy:unix:$W/run/off.sock|fcgi://php-off"\n</LocationMatch>) : '' ]}
CONF
}

my @PATHS = ('/cgi/biasa.sh', '/cgi/lacak.py', '/mati/x', '/tertutup/x', '/tidak/ada',
    $ENV{SPBE_FPM} ? ('/php/gagal.php', '/php/awas.php', '/php/biasa.php', '/php/tidak-ada.php') : ());

sub ask_all {
    my ($vhost, $log) = @_;
    wait_for(15, sub { slurp($log) =~ /resuming normal/ });
    my @asked;
    for my $path (@PATHS) {
        my $r = get($path, vhost => $vhost, headers => [[Referer => 'http://asal.contoh/?a=1']]);
        push @asked, [$path, $r->h('X-Request-Ref') // ''];
        sleep 0.4; # mod_cgid's lines name no request: time alone tells them apart
    }
    return @asked;
}

# A line without what differs from run to run.
sub same {
    my $line = shift;
    $line =~ s/^\[[^\]]*\] //;
    $line =~ s/\[pid \d+\]/[pid]/;
    $line =~ s/\[client 127\.0\.0\.1:\d+\]/[client]/;
    $line =~ s/\[ref [^\]]*\]/[ref]/;
    $line =~ s/own-plain/own-X/g;
    $line =~ s/own-filter/own-X/g;
    return $line;
}

# Until nothing has come for a second.
sub settled {
    my $name = shift;
    my ($text, $before) = (slurp($name), '');
    while (length $text != length $before) { sleep 1; ($before, $text) = ($text, slurp($name)) }
    return $text;
}

sub of_requests { return grep { (/\[client / && !/\[spbe_guard:/) || !/^(?:\[\w{3} |spbe-guardlog: )/ } split /\n/, shift }

my $plain = server('plain', "$DIR/plain.log");
ok($plain->{pid}, 'a server with a plain error log') or do { diag $plain->{output}; done_testing; exit };
ask_all('SPBE_OWN_plain', "$DIR/plain.log");
my @plain = of_requests(settled("$DIR/plain.log"));
SPBE::Test::stop_own();

my $FILE = "$DIR/filtered.log";
my $own = server('filter', "|$W/lib/spbe-guardlog --error-log $FILE --recipients $ENV{SPBE_RECIPIENTS} --spill $ENV{SPBE_ROOT}/own-filter/spill");
ok($own->{pid}, 'a server with a filtered one') or do { diag $own->{output}; done_testing; exit };
my @asked = ask_all('SPBE_OWN_filter', $FILE);
my $text = settled($FILE);
my @lines = of_requests($text);

# --- what is in it, and what is not -------------------------------------------
my $NOTE = qr/\[spbe-guard: rincian di log rahasia \/ detail in the confidential log, ref ($REF)\]/;
like(join("\n", @plain), qr/\Q$_\E/, "the plain log has $_") for 'KANARI-CGI', $ENV{SPBE_FPM} ? 'KANARI-PHP' : ();
unlike($text, qr/KANARI|Traceback|Stack trace/, 'the filtered log has none of it');
is(scalar @lines, scalar @plain, 'as many lines of requests as in the plain log')
    or diag join "\n", 'plain:', @plain, 'filtered:', @lines;
my $replaced = 0;
my %kept; # by reference: what was written past httpd
for my $i (0 .. $#plain) {
    my ($was, $is) = (same($plain[$i]), same($lines[$i] // ''));
    if (($lines[$i] // '') =~ /^(.*?)$NOTE/) {
        my $head = same($1);
        $replaced++;
        $kept{$2} .= "$plain[$i]\n" if $PLAIN eq 'cgid' && $head eq '';
        is(substr($was, 0, length $head), $head, "line $i: time, level, process, client stay");
    }
    else {
        is($is, $was, "line $i: as httpd wrote it");
    }
}
cmp_ok($replaced, '>=', $ENV{SPBE_FPM} ? 3 : 2, "$replaced lines were replaced");
like($text, qr/BIASA 12 berkas diolah/, 'what a script said without leaking');
like($text, qr/BIASA pembayaran 17 diterima/, 'and a PHP one') if $ENV{SPBE_FPM};
like($text, qr/resuming normal operations/, 'the lines of the start');
like($text, qr/$NOTE.*referer:? http:\/\/asal\.contoh\/\?a=1$/m, 'the referer behind what was replaced') if $ENV{SPBE_FPM};
for my $pair (grep { $_->[0] =~ /lacak|gagal|awas/ && $_->[1] } @asked) {
    like($text, qr/ref \Q$pair->[1]\E\]$|ref \Q$pair->[1]\E\]['",]/m, "$pair->[0]: the visitor's reference stands in its line");
}

# Each reference leads to a record that has what was taken out.
sub opened {
    my ($ref, $want) = @_;
    return wait_for(15, sub { qx($W/lib/spbe-guardctl --home $ENV{SPBE_ROOT}/own-filter/home show '$ref' --json --key $ENV{SPBE_KEY} 2>/dev/null) =~ $want });
}
for my $ref (sort keys %kept) {
    ok(opened($ref, qr/KANARI-CGI rahasia/), "$ref: a CGI's traceback, written past httpd, is a sealed record");
}
is(scalar keys %kept, 1, 'one record for the whole of it') if $PLAIN eq 'cgid';
my %refs = map { $_ => 1 } $text =~ /$NOTE/g;
for my $ref (sort keys %refs) {
    ok(opened($ref, qr/KANARI/), "$ref: the record has what was taken out");
}

# --- rotation ------------------------------------------------------------------
rename $FILE, "$FILE.1" or die;
get('/mati/x', vhost => 'SPBE_OWN_filter');
ok(wait_for(5, sub { slurp($FILE) =~ /AH01114|AH00957/ }), 'renamed away: a new file, without a restart');
my $old = slurp("$FILE.1");
unlink $FILE;
get('/cgi/lacak.py', vhost => 'SPBE_OWN_filter');
ok(wait_for(5, sub { slurp($FILE) =~ $NOTE }), 'removed: a new file');
is(slurp("$FILE.1"), $old, 'nothing went on into the old one');

# --- restarts, with a request that outlives them --------------------------------
sub filters { return grep { slurp("/proc/$_/cmdline") =~ /--error-log\0\Q$DIR\E/ } map { m{/(\d+)$} } glob '/proc/[0-9]*' }
my $slow = connection('SPBE_OWN_filter', timeout => 15);
$slow->send_raw("GET /cgi/lambat.pl HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Test-Id: lambat\r\nConnection: close\r\n\r\n");
sleep 0.7;
my $before = () = slurp($FILE) =~ /resuming normal/g;
kill USR1 => $own->{pid};
ok(wait_for(8, sub { my $n = () = slurp($FILE) =~ /resuming normal/g; $n > $before }), 'a graceful restart');
my ($said, $ready) = map { my ($h, $m, $sec) = slurp($FILE) =~ /^\[\w+ \w+ +\d+ (\d+):(\d+):([\d.]+) \d+\](?=[^\n]*$_)(?![\s\S]*$_)/m; ($h // 0) * 3600 + ($m // 0) * 60 + ($sec // 0) } 'Doing graceful restart', 'resuming normal';
cmp_ok($ready - $said, '<', 2.5, 'that no filter holds up');
get('/mati/sesudah', vhost => 'SPBE_OWN_filter');
my $end = $slow->response('GET');
like(settled($FILE), qr/AH01114/, 'the next generation writes to the file');
ok(wait_for(8, sub { slurp($FILE) =~ /lambat\.pl/ || slurp($FILE) =~ $NOTE }), 'and the last child of the old one');
unlike(slurp($FILE), qr/KANARI/, 'neither leaks');
for (1 .. 3) { kill USR1 => $own->{pid}; sleep 1 }
ok(wait_for(10, sub { my @f = filters(); @f <= 4 }), 'old filters end with their children') or diag(scalar(() = filters()) . ' filters');

# --- a filter that is killed is started again ------------------------------------
sub workers {
    my %parent = map { $_ => (slurp("/proc/$_/status") =~ /^PPid:\s*(\d+)/m)[0] } filters();
    return grep { $parent{ $parent{$_} } } keys %parent;
}
my @workers = @{ wait_for(8, sub { my @w = workers(); @w ? \@w : undef }) || [] };
ok(scalar @workers, 'a process that filters beside the one that httpd knows');
kill KILL => @workers;
sleep 0.5;
my $seen = () = slurp($FILE) =~ /AH01114/g;
ok(wait_for(10, sub { get('/mati/bangkit', vhost => 'SPBE_OWN_filter'); sleep 0.5; my $n = () = slurp($FILE) =~ /AH01114/g; $n > $seen }), 'killed: another one goes on');

# --- the stop: what was written before it is there -------------------------------
get('/cgi/biasa.sh', vhost => 'SPBE_OWN_filter') for 1 .. 10;
my $count = () = slurp($FILE) =~ /BIASA 12/g;
my $began = time;
SPBE::Test::stop_own();
cmp_ok(time - $began, '<', 3, 'a stop that no filter holds up');
ok(wait_for(5, sub { !filters() }), 'no filter is left');
like(slurp($FILE), qr/caught SIGTERM/, 'the last line of the server');

# --- a filter that nothing may follow, and one without its keeper ----------------
# Beside httpd: what stands in for it holds both ends of the pipe, as it does.
sub program {
    my ($file, @more) = @_;
    pipe my $in, my $out or die;
    my $pid = fork // die;
    if (!$pid) {
        close $out;
        open STDIN, '<&', $in or die;
        exec "$W/lib/spbe-guardlog", '--error-log', $file, @more or die;
    }
    $out->autoflush(1);
    return ($pid, $in, $out);
}
sub filters_of {
    my $pid = shift;
    return grep { (eval { slurp("/proc/$_/status") } // '') =~ /^PPid:\s*$pid$/m } map { m{/(\d+)$} } glob '/proc/[0-9]*';
}
sub log_line { return sprintf "[Sun Nov 22 01:02:03 2026] [core:error] [pid 7] baris %06d %s\n", $_[0], 'x' x 60 }

my ($keeper, $in, $out) = program("$DIR/yatim.log");
my ($orphan) = @{ wait_for(8, sub { my @f = filters_of($keeper); @f ? \@f : undef }) || [] };
print {$out} log_line(1);
ok(wait_for(8, sub { -s "$DIR/yatim.log" }), 'a filter beside httpd');
kill KILL => $keeper;
waitpid $keeper, 0;
ok($orphan && wait_for(3, sub { !-d "/proc/$orphan" || slurp("/proc/$orphan/stat") =~ /\) Z / }), 'ends when the process that httpd knows is killed: two never read one pipe');
print {$out} log_line(2);
is(sysread($in, my $left, 4096), length log_line(2), 'what comes then is for the next');
close $_ for $in, $out;

for my $row (['that it can write to', 0770, 1], ['that it cannot', 0550, 0]) {
    my ($label, $mode, $refs) = @$row;
    my ($file, $spill) = ("$DIR/titip$refs.log", "$DIR/titip$refs");
    mkdir $spill, 0770;
    chmod $mode, $spill;
    my ($pid, $in, $out) = program($file, '--recipients', $ENV{SPBE_RECIPIENTS}, '--spill', $spill);
    close $in;
    print {$out} "PHP Fatal error:  Uncaught Error: KANARI in /srv/www/a.php:3\n";
    close $out;
    waitpid $pid, 0;
    ok(wait_for(5, sub { slurp($file) =~ /spbe-guard/ }), "a spill folder $label: the line");
    is(scalar(() = slurp($file) =~ /$NOTE/), $refs, "$refs references");
    my @kept = glob "$spill/*";
    is(@kept ? 1 : 0, $refs, 'and as many records');
}

SKIP: {
    skip 'no prlimit', 5 unless grep { -x "$_/prlimit" } qw(/usr/bin /bin);
    skip 'root has no limit of processes', 5 if $> == 0;
    my $file = "$DIR/tunggal.log";
    my ($pid, $in, $out) = program($file);
    close $in;
    my @first = @{ wait_for(8, sub { my @f = filters_of($pid); @f ? \@f : undef }) || [] };
    system('prlimit', '--pid', $pid, '--nproc=0:') == 0 or diag 'prlimit failed';
    kill KILL => @first;
    local $SIG{ALRM} = sub { die "stands still\n" };
    my $poured = eval { alarm 20; print {$out} log_line($_) for 1 .. 30_000; alarm 0; 1 };
    alarm 0;
    ok($poured, 'no filter can be started: httpd does not stand still') or diag $@;
    is(scalar(filters_of($pid)), 0, 'there was none');
    system('prlimit', '--pid', $pid, '--nproc=unlimited:') == 0
        or system('prlimit', '--pid', $pid, '--nproc=4096:') == 0 or diag 'prlimit failed';
    ok(wait_for(8, sub { scalar filters_of($pid) }), 'one is, as soon as it can be');
    print {$out} log_line(30_001);
    close $out;
    waitpid $pid, 0;
    my $all = slurp($file);
    my $lost = 0;
    $lost += $1 while $all =~ /SG0050: (\d+) lines of this error log could not be written and are lost/g;
    cmp_ok($lost, '>', 0, "it says that lines are lost ($lost)");
    is($lost + keys %{ numbers($all) }, 30_001, 'those that are there and those that are lost are all');
}

# --- a file that cannot grow, a file that cannot be opened ------------------------
sub pour {
    my ($limit, $file, $lines, $act) = @_;
    open my $in, '|-', 'sh', '-c', "ulimit -f $limit; exec '$W/lib/spbe-guardlog' --error-log '$file' 2>/dev/null" or die;
    $in->autoflush(1);
    printf {$in} "[Sun Nov 22 01:02:03 2026] [core:error] [pid 7] baris %06d %s\n", $_, 'x' x 60 for 1 .. $lines;
    $act->();
    close $in;
}
sub numbers { my %n; $n{$1}++ while $_[0] =~ /^\[.*\] baris (\d+) x{60}$/mg; return \%n }

# Renames FILE away, again and again, as long as there is something to write.
sub rotate_away {
    my $file = shift;
    for my $n (1 .. 60) {
        rename $file, "$file.$n";
        last unless wait_for(1.5, sub { -s $file });
        sleep 0.3;
    }
}
sub all_of { my $text = join "\n", map { slurp($_) } glob "$_[0]*"; return $text }

my $full = "$DIR/penuh.log";
pour(1024, $full, 30_000, sub { sleep 1; rotate_away($full) });
is(scalar keys %{ numbers(all_of($full)) }, 30_000, 'a disk that is full for a while costs no line');

my $tight = "$DIR/sempit.log";
pour(2048, $tight, 120_000, sub { sleep 1; rotate_away($tight) });
my $all = all_of($tight);
my $lost = 0;
$lost += $1 while $all =~ /SG0050: (\d+) lines of this error log could not be written and are lost/g;
cmp_ok($lost, '>', 0, "for too long: lines are lost, and it is said ($lost)");
is($lost + keys %{ numbers($all) }, 120_000, 'those that are there and those that are lost are all');

my $later = "$DIR/belum/ada.log";
pour('unlimited', $later, 500, sub { sleep 0.6; mkdir "$DIR/belum"; sleep 0.6 });
is(scalar keys %{ numbers(slurp($later)) }, 500, 'a folder that comes later gets them all');

done_testing;
