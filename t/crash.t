# SPDX-License-Identifier: Apache-2.0
# The death of a child is recorded with signal, request and backtrace, and the
# other children serve on.
use strict;
use warnings FATAL => 'all';
use JSON::PP ();
use SPBE::Test;
use Test::More;
use Time::HiRes qw(sleep);

my $json = JSON::PP->new->utf8;

sub crashed { my $route = shift; return wait_for(8, sub { (grep { ref $_ && ($_->{route} // '') eq $route } records('--kind', 'crash'))[0] }) }

for my $case (
    ['null', 11, 'a pointer to nowhere', 'GET'], ['recurse', 11, 'a stack that overflows', 'GET'], ['abort', 6, 'abort()', 'POST'], ['fpe', 8, 'a division', 'GET'],
) {
    my ($how, $signal, $label, $method) = @$case;
    my $r = get("/crash/$how-jalan?$how", method => $method, $method eq 'POST' ? (body => 'nik=3171012345678901') : ());
    is($r->{status}, 0, "$label: the visitor gets nothing") or diag $r->{wire};
    my $listed = crashed("/crash/$how-jalan");
    ok($listed, "$label: recorded") or next;
    my $record = record_of($listed->{ref});
    like($record->{exception}, qr/\bsignal $signal\b/, "$label: signal");
    is($record->{method}, $method, "$label: method");
    is($record->{application}, 'Layanan Perizinan', "$label: application");
    is($record->{class}, 'code', "$label: class");
    my $trace = ref $record->{trace} ? $json->encode($record->{trace}) : $record->{trace} // '';
    like($trace, qr/mod_spbe_t\.so/, "$label: backtrace names the module") unless $how eq 'abort' || $how eq 'fpe';
    like($trace, qr/\S/, "$label: a backtrace");
    unlike($trace, qr/3171012345678901/, "$label: no value in it");
    my @after = map { get('/halaman/bersih.html')->{status} } 1 .. 10;
    is("@after", join(' ', (200) x 10), "$label: the others serve on");
}

# kill -9, as the kernel does when memory is short: no handler can see it.
my ($pid) = get('/crash/siapa')->{body} =~ /pid=(\d+)/;
ok($pid, 'a child');
my $c = connection('main');
$c->send_raw("GET /crash/dibunuh?sleep HTTP/1.1\r\nHost: x\r\nX-Test-Id: kill-$$\r\n\r\n");
sleep 0.7;
# the one that sleeps: the child whose slot has the request
my @children = grep { /^\d+$/ } split /\s+/, `ps -o pid= --ppid @{[httpd_pid()]}`;
my ($victim) = grep { slurp("/proc/$_/cmdline") =~ /apache2/ && busy_sleeping($_) } @children;
sub busy_sleeping {
    my $p = shift;
    for my $task (glob "/proc/$p/task/*") { return 1 if slurp("$task/wchan") =~ /nanosleep/ || slurp("$task/syscall") =~ /^(?:230|35) / }
    return 0;
}
SKIP: {
    skip 'this kernel does not say what a thread sleeps in', 4 unless $victim;
    kill KILL => $victim;
    my $listed = crashed('/crash/dibunuh');
    ok($listed, 'kill -9: recorded') or skip 'no record', 3;
    my $record = record_of($listed->{ref});
    like($record->{exception}, qr/signal (?:9|0)\b/, 'kill -9: signal');
    is($record->{class}, 'resource', 'kill -9: class');
    is($record->{responsible}, 'Sys admin', 'kill -9: responsible');
}
my @after = map { get('/halaman/bersih.html')->{status} } 1 .. 10;
is("@after", join(' ', (200) x 10), 'kill -9: the others serve on');
$c->close;

# A failure after all that is recorded as ever.
my $r = get('/status?500');
ok(record_of($r->h('X-Request-Ref')), 'records go on');
my $metrics = get('/metrik')->{body};
my ($crashes) = $metrics =~ /^spbe_guard_crashes_total (\d+)/m;
cmp_ok($crashes // 0, '>=', 4, 'and the metrics count them');

# A child in a stranger's hands writes what it likes into the shared memory and
# dies: the parent, which may be root, reads it, and goes nowhere outside.
for my $what ('00', 'ff', '41', '7f', 'pid') {
    my $name = "scribble-$what";
    my $log = "$ENV{SPBE_ROOT}/own-$name/records";
    my $own = own_server($name, <<"CONF");
LoadModule spbe_t_module $ENV{SPBE_W}/lib/mod_spbe_t.so
SpbeGuardLog "$log"
SpbeGuardEngine On
<Location /crash>
    SetHandler t-crash
</Location>
<Location /metrik>
    SetHandler spbe-guard-metrics
</Location>
CONF
    ok($own->{pid}, "$name: a server of its own") or do { diag $own->{output}; next };
    my $ask = sub { my $r = eval { get(shift, vhost => "SPBE_OWN_$name") }; return $r ? $r->{status} : -1 };
    is($ask->('/crash/x'), 200, "$name: it serves");
    is($ask->("/crash/x?scribble,$what"), 0, "$name: the child dies");
    my $count = sub { scalar(() = slurp($log) =~ /"kind":"crash"/g) };
    ok(wait_for(8, $count), "$name: its death is recorded");
    ok(wait_for(8, sub { $ask->('/crash/x') == 200 }), "$name: others serve on");
    is($ask->('/metrik'), 200, "$name: metrics are given");
    kill USR1 => $own->{pid}; # everything that was counted is written
    ok(wait_for(8, sub { slurp($own->{log}) =~ /AH00493|resuming normal operations.*resuming normal operations/s }), "$name: a graceful restart");
    ok(wait_for(8, sub { $ask->('/crash/x') == 200 }), "$name: serves afterwards");
    ok(kill(0, $own->{pid}), "$name: by the same parent");
    cmp_ok($count->(), '<=', 256, "$name: no more records than a child has threads");
    kill TERM => $own->{pid};
    ok(wait_for(10, sub { !kill 0, $own->{pid} }), "$name: stops");
    like(slurp($own->{log}), qr/AH\d{5}: caught SIGTERM, shutting down/, "$name: in good order");
    unlike(slurp($own->{log}), qr/AH00060/, "$name: the parent never broke down");
}

done_testing;
