# SPDX-License-Identifier: Apache-2.0
# Every number that was given is in the archive: graceful and hard restarts, a
# killed logger, one that hangs, a stop, all under load. The ledger says what
# was accepted; every reference that a visitor saw is found.
use strict;
use warnings FATAL => 'all';
use SPBE::Ledger;
use SPBE::Test;
use Test::More;
use Time::HiRes qw(sleep time);

my $dir = "$ENV{SPBE_ROOT}/own-loss";
my $home = "$dir/home";
my $WAIT = 50;
mkdir $dir;
system("$ENV{SPBE_W}/lib/spbe-guardctl", '--home', $home, 'init') == 0 or BAIL_OUT('init failed');

sub start {
    return own_server('loss', <<"CONF");
LoadModule spbe_t_module $ENV{SPBE_W}/lib/mod_spbe_t.so
SpbeGuardLog "|$ENV{SPBE_W}/lib/spbe-guardlog --home $home"
SpbeGuardRunDir $dir/run
SpbeGuardSpill $dir/spill
SpbeGuardStopWait 2
SpbeGuardLogWait $WAIT
SpbeGuardDetailRate 0
SpbeGuardEngine On
<Location /status>
    SetHandler t-status
</Location>
<Location /metrik>
    SetHandler spbe-guard-metrics
</Location>
CONF
}

my $own = start();
ok($own->{pid}, 'a server of its own') or do { diag $own->{output}; done_testing; exit };

sub parent_of { my ($s) = slurp("/proc/$_[0]/stat") =~ /\) \S (\d+)/; return $s // 0 }
sub below { my ($top) = @_; return map { ($_, below($_)) } split /\s+/, slurp("/proc/$top/task/$top/children") }
sub loggers { return grep { slurp("/proc/$_/cmdline") =~ m{/spbe-guardlog\0} } below($own->{pid}) }

# --- load: clients that fail again and again, and note their references ----------

my @clients;

sub load {
    my ($n) = @_;
    for my $i (1 .. $n) {
        my $pid = fork // die "fork: $!";
        if (!$pid) {
            my $go = 1;
            local $SIG{TERM} = sub { $go = 0 };
            open my $out, '>>', "$dir/refs.$$" or POSIX::_exit(1);
            while ($go) {
                my $began = time;
                my $r = eval { get('/status?500,' . $i, vhost => 'SPBE_OWN_loss', timeout => 20) } or next;
                sleep 0.003;
                my $ref = $r->{complete} && $r->h('X-Request-Ref') or next;
                syswrite $out, sprintf "%s %.3f\n", $ref, time - $began;
            }
            POSIX::_exit(0);
        }
        push @clients, $pid;
    }
}

sub end_load {
    kill TERM => @clients;
    waitpid $_, 0 for splice @clients;
    my (@refs, $slowest);
    for my $file (glob "$dir/refs.*") {
        for (split /\n/, slurp($file)) {
            my ($ref, $took) = split;
            push @refs, $ref;
            $slowest = $took if !defined $slowest || $took > $slowest;
        }
        unlink $file;
    }
    return ($slowest, @refs);
}

# What the ledger said at any time: a slot may be used anew.
my %given;

sub look {
    my $l = ledger("$dir/run") or return;
    for (@{ $l->{slots} }) {
        $given{ $_->{writer} } = $_->{given} if length $_->{writer} && $_->{given} > ($given{ $_->{writer} } // 0);
    }
    return $l;
}

sub watch { my $until = time + $_[0]; while (time < $until) { look(); sleep 0.05 } }

sub missing {
    my $of = numbers($home);
    return (gaps($of), map { my $w = $_; grep { !$of->{$w}{$_} && s/^/$w: / } 1 .. $given{$w} } sort keys %given);
}

sub settled {
    my ($label, @refs) = @_;
    look();
    my @lost = wait_for(20, sub { my @m = missing(); @m ? undef : 1 }) ? () : missing();
    is(scalar(@lost), 0, "$label: every number that was given is in the archive") or diag join "\n", @lost[0 .. ($#lost > 9 ? 9 : $#lost)];
    my %there;
    wait_for(20, sub { %there = map { ($_->{ref} // '') => 1 } grep { ref eq 'HASH' } record_json(scalar `$ENV{SPBE_W}/lib/spbe-guardctl --home $home list --limit 0 --json 2>/dev/null`); !grep { !$there{$_} } @refs });
    is(join(' ', grep { !$there{$_} } @refs), '', "$label: all " . @refs . ' references are found');
    is(join("\n", grep { /^\{"t":"[^"]*","lost":/ } in_archive($home)), '', "$label: nothing is reported lost");
}

require POSIX;

# --- restarts ---------------------------------------------------------------------

load(4);
for (1 .. 4) { watch(0.7); kill USR1 => $own->{pid} }
watch(1);
my ($slowest, @refs) = end_load();
cmp_ok(scalar @refs, '>', 40, 'graceful restarts: there was load');
settled('graceful restarts', @refs);
ok(wait_for(15, sub { my $l = look(); !grep { $_->{state} eq 'live' && !kill 0, $_->{pid} } @{ $l->{slots} } }), 'no slot of a dead child says that it lives');

load(4);
for (1 .. 2) { watch(0.7); kill HUP => $own->{pid} }
watch(1);
($slowest, @refs) = end_load();
settled('hard restarts', @refs);

# --- a killed logger ----------------------------------------------------------------

load(4);
for (1 .. 5) { watch(0.5); kill KILL => (loggers())[ rand 2 ] // (loggers())[0] }
watch(2);
($slowest, @refs) = end_load();
settled('a killed logger', @refs);

# --- one that hangs ------------------------------------------------------------------

my @stopped = loggers();
kill STOP => @stopped;
load(8);
my $spilled = wait_for(20, sub { look(); glob "$dir/spill/*.part" });
ok($spilled, 'a logger that hangs: what does not fit goes to the spill folder');
watch(3);
($slowest, @refs) = end_load();
cmp_ok($slowest, '<', 2, "... no visitor waited long (the slowest: $slowest s)");
my ($metrics) = get('/metrik', vhost => 'SPBE_OWN_loss')->{body} =~ /^spbe_guard_spilled_total (\d+)/m;
cmp_ok($metrics, '>', 0, '... and is counted');
kill CONT => @stopped;
settled('a logger that hung', @refs);
ok(wait_for(15, sub { !glob "$dir/spill/*.part" }), '... and the spill folder is empty again');

# --- the stop -------------------------------------------------------------------------

load(4);
watch(1);
kill TERM => $own->{pid};
ok(wait_for(20, sub { look(); !kill 0, $own->{pid} }), 'stopped under load');
($slowest, @refs) = end_load();
settled('the stop', @refs);
my $left = look();
ok(wait_for(10, sub { !@{ look()->{slots} } }), 'every slot is settled') or diag explain look()->{slots};

# A logger that hangs at the stop: what it did not take is there at the next start.
$own = start();
ok($own->{pid}, 'started anew');
@stopped = loggers();
kill STOP => @stopped;
@refs = map { get('/status?500', vhost => 'SPBE_OWN_loss')->h('X-Request-Ref') } 1 .. 20;
look();
my $began = time;
kill TERM => $own->{pid};
ok(wait_for(20, sub { !kill 0, $own->{pid} }), 'a logger that hangs at the stop: httpd ends');
cmp_ok(time - $began, '<', 12, '... within SpbeGuardStopWait and what httpd itself needs');
kill KILL => @stopped;
cmp_ok(scalar(my @kept = glob "$dir/spill/*.part"), '>', 0, '... what was in the pipe is kept');
$own = start();
ok($own->{pid}, '... and started anew');
settled('after the next start', @refs);
kill TERM => $own->{pid};
ok(wait_for(20, sub { !kill 0, $own->{pid} }), 'stopped');

done_testing;
