# SPDX-License-Identifier: Apache-2.0
# What can go nowhere: a logger that hangs and no spill folder. Serving goes on;
# the loss is counted, told as soon as the log takes records again, and stands in
# the archive with writer and numbers, each once.
use strict;
use warnings FATAL => 'all';
use SPBE::Ledger;
use SPBE::Test;
use Test::More;

my $dir = "$ENV{SPBE_ROOT}/own-lost";
my $home = "$dir/home";
mkdir $dir;
system("$ENV{SPBE_W}/lib/spbe-guardctl", '--home', $home, 'init') == 0 or BAIL_OUT('init failed');

my $own = own_server('lost', <<"CONF");
LoadModule spbe_t_module $ENV{SPBE_W}/lib/mod_spbe_t.so
SpbeGuardLog "|$ENV{SPBE_W}/lib/spbe-guardlog --home $home"
SpbeGuardRecipients none
SpbeGuardRunDir $dir/run
SpbeGuardSpill none
SpbeGuardLogWait 20
SpbeGuardDetailRate 0
SpbeGuardEngine On
<Location /status>
    SetHandler t-status
</Location>
<Location /metrik>
    SetHandler spbe-guard-metrics
</Location>
CONF
ok($own->{pid}, 'a server of its own') or do { diag $own->{output}; done_testing; exit };

sub below { my ($top) = @_; return map { ($_, below($_)) } split /\s+/, slurp("/proc/$top/task/$top/children") }
sub loggers { return grep { slurp("/proc/$_/cmdline") =~ m{/spbe-guardlog\0} } below($own->{pid}) }
sub broken { return get('/status?500,40000', vhost => 'SPBE_OWN_lost')->h('X-Request-Ref') }
sub metric { my ($v) = get('/metrik', vhost => 'SPBE_OWN_lost')->{body} =~ /^spbe_guard_$_[0] (\d+)/m; return $v // 0 }
sub told { return map { /"w":"([^"]+)".*"title":"(\d+) records of this writer were lost, of the numbers (\d+) to (\d+)"/ ? { writer => $1, n => $2, from => $3, to => $4 } : () } grep { /"event":"sys_log_lost"/ } in_archive($home) }
sub gaps_told { return map { /^\{"t":"[^"]*","lost":(\d+),.*"w":"([^"]+)","from":(\d+),"to":(\d+)/ ? { n => $1, writer => $2, from => $3, to => $4 } : () } in_archive($home) }

my @before = map { broken() } 1 .. 3;
wait_for(10, sub { my $l = ledger("$dir/run"); $l && $l->{logger}{beat} });
my @stopped = loggers();
cmp_ok(scalar @stopped, '>=', 2, 'loggers to stop');
kill STOP => @stopped;
my $served = 0;
ok(wait_for(30, sub { $served += defined broken() for 1 .. 100; metric('lost_total') >= 5 }), 'with the pipe full and no spill folder records are lost, and counted');
cmp_ok($served, '>=', 5, 'served all the same');
my $lost = metric('lost_total');
is(metric('spilled_total'), 0, 'nothing is spilled');
like(slurp($own->{log}), qr/SG0012: .*logger is stuck/, 'the error log says so');
kill CONT => @stopped;
wait_for(20, sub { metric('waiting_bytes') == 0 });
ok(wait_for(20, sub { broken(); scalar told() }), 'the log is told as soon as it takes records again');
is(metric('lost_total'), $lost, 'no more were lost');
kill TERM => $own->{pid};
ok(wait_for(20, sub { !kill 0, $own->{pid} }), 'stopped');
ok(wait_for(20, sub { !grep { kill 0, $_ } @stopped }), 'the logger, too');
# Each process tells what it lost itself, at its end at the latest.
my @told = told();
my $sum = 0;
$sum += $_->{n} for @told;
is($sum, $lost, 'how many');
my @gaps = gaps_told();
$sum = 0;
$sum += $_->{n} for @gaps;
is($sum, $lost, 'the archive has as many lost, with their numbers');
my %twice;
my $of = numbers($home);
my @wrong;
for my $gap (@gaps) {
    push @wrong, "$gap->{writer}: count" if $gap->{n} != $gap->{to} - $gap->{from} + 1;
    my ($notice) = grep { $_->{writer} eq $gap->{writer} && $gap->{from} >= $_->{from} && $gap->{to} <= $_->{to} } @told;
    push @wrong, "$gap->{writer} $gap->{from}-$gap->{to}: not told by its writer" unless $notice;
    push @wrong, map { "$gap->{writer} $_: twice" } grep { $twice{"$gap->{writer} $_"}++ } $gap->{from} .. $gap->{to};
}
is("@wrong", '', 'each number once, and the same that the writer had told');
my @unsaid = grep { !/^(\S+): (\d+)$/ || !$twice{"$1 $2"} } gaps($of);
is("@unsaid", '', 'no number is missing that is not reported');

done_testing;
