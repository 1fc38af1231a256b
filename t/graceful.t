# SPDX-License-Identifier: Apache-2.0
# One pipe and one logger for the life of the parent: over graceful restarts,
# after the logger was killed, and until the last line at the stop.
use strict;
use warnings FATAL => 'all';
use SPBE::Test;
use Test::More;
use Time::HiRes qw(sleep);

my $home = "$ENV{SPBE_ROOT}/own-graceful/home";
mkdir "$ENV{SPBE_ROOT}/own-graceful";
system("$ENV{SPBE_W}/lib/spbe-guardctl", '--home', $home, 'init') == 0 or BAIL_OUT('init failed');
my $own = own_server('graceful', <<"CONF");
LoadModule spbe_t_module $ENV{SPBE_W}/lib/mod_spbe_t.so
SpbeGuardLog "|$ENV{SPBE_W}/lib/spbe-guardlog --home $home"
SpbeGuardEngine On
<Location /status>
    SetHandler t-status
</Location>
CONF
ok($own->{pid}, 'a server of its own') or do { diag $own->{output}; done_testing; exit };

sub children { my $what = shift; return grep { slurp("/proc/$_/cmdline") =~ $what } grep { /^\d+$/ } split /\s+/, `ps -o pid= --ppid $own->{pid}` }
sub loggers { return children(qr/spbe-guardlog/) }
sub fail_once { my $r = eval { get('/status?500', vhost => 'SPBE_OWN_graceful') }; return $r && $r->h('X-Request-Ref') }

sub find {
    my $ref = shift;
    return wait_for(8, sub { system("$ENV{SPBE_W}/lib/spbe-guardctl --home $home show $ref --json >/dev/null 2>&1") == 0 });
}

my @refs = (fail_once());
my ($logger) = loggers();
is(scalar(my @n = loggers()), 1, 'one logger');
for my $n (1 .. 10) {
    kill USR1 => $own->{pid};
    sleep 0.4;
    push @refs, fail_once();
}
ok(wait_for(5, sub { kill 0, $own->{pid} }), 'the parent lives');
is(scalar(my @given = grep { $_ } @refs), 11, 'eleven failures, before and between ten graceful restarts');
is(join(' ', loggers()), $logger, 'still one logger, the same one');
is(join(' ', grep { !find($_) } @refs), '', 'every record arrived');

# No child may read from the logger's pipe, or a killed logger's lines get lost.
my $pipe = readlink "/proc/$logger/fd/0";
like($pipe, qr/^pipe:/, 'the logger reads from a pipe');
my @readers;
for my $child (grep { $_ != $logger } children(qr/apache2/)) {
    for my $fd (glob "/proc/$child/fd/*") {
        next unless (readlink($fd) // '') eq $pipe;
        my ($n) = $fd =~ /(\d+)$/;
        my ($flags) = slurp("/proc/$child/fdinfo/$n") =~ /^flags:\s*(\d+)/m;
        push @readers, "$child:$n" if (oct($flags) & 3) == 0;
    }
}
is("@readers", '', 'no child holds the read end');

# The logger dies; httpd starts another one on the same pipe.
kill KILL => $logger;
my $ref = fail_once();
ok($ref, 'a failure while there is no logger: served');
my ($next) = wait_for(10, sub { my ($l) = loggers(); $l && $l != $logger ? $l : undef });
ok($next, 'another logger');
ok(find($ref), 'what was written in between has arrived');
my @many = map { fail_once() } 1 .. 20;
is(join(' ', grep { !$_ || !find($_) } @many), '', 'and what came later');

# A stopped logger does not stop the server.
kill STOP => $next;
my $began = time;
my @while = map { fail_once() } 1 .. 5;
cmp_ok(time - $began, '<', 5, 'a logger that hangs: served');
is(scalar(grep { $_ } @while), 5, '... with a reference each');
kill CONT => $next;
is(join(' ', grep { !find($_) } @while), '', '... and recorded when it goes on');

# The stop: what was accepted is written.
my @last = map { fail_once() } 1 .. 20;
kill TERM => $own->{pid};
ok(wait_for(10, sub { !kill 0, $own->{pid} }), 'stopped');
ok(wait_for(10, sub { !kill 0, $next }), 'the logger ends when everything is written');
is(join(' ', grep { !find($_) } @last), '', 'nothing is lost at the stop');
# (httpd with a newer configuration than the one that opened the pipe)
done_testing;
