# SPDX-License-Identifier: Apache-2.0
# What the guard says of itself: started with which configuration, rules and
# policies, restarted, stopped, and every place that is watched more or less
# than before.
use strict;
use warnings FATAL => 'all';
use Digest::SHA ();
use SPBE::Ledger;
use SPBE::Test;
use Test::More;
use Time::HiRes qw(sleep);

my $dir = "$ENV{SPBE_ROOT}/own-events";
my $home = "$dir/home";
mkdir $dir;
system("$ENV{SPBE_W}/lib/spbe-guardctl", '--home', $home, 'init') == 0 or BAIL_OUT('init failed');

my $policy = '{"openapi":"3.1.0","info":{"title":"x","version":"1"},"paths":{"/a":{"get":{"responses":{"200":{"description":"x"}}}}}}';
spew("$dir/kebijakan.json", $policy);
my ($own, $conf);

sub conf {
    my ($failure, $input, $more) = @_;
    return <<"CONF";
SpbeGuardLog "|$ENV{SPBE_W}/lib/spbe-guardlog --home $home"
SpbeGuardRecipients none
SpbeGuardRunDir $dir/run
SpbeGuardSpill $dir/spill
SpbeGuardFailure $failure
SpbeGuardInput $input
SpbeGuardApplication "Layanan A"
SpbeGuardPolicy $dir/kebijakan.json
$more
CONF
}

# The index parts of what the guard has said so far, in order.
sub said {
    return map { my ($h) = /"h":(\{.*?\})[,}]/; $h ? record_json($h) : () } grep { /"event":"sys_(?:startup|restart|shutdown|monitor_\w+)"/ } in_archive($home);
}

# What comes when the server goes on with this configuration instead.
sub change {
    my ($label, $text, $right) = @_;
    my $before = said();
    my $file = slurp("$own->{dir}/httpd.conf");
    $file =~ s/\Q$conf\E/$text/ or die 'own configuration not found';
    $conf = $text;
    spew("$own->{dir}/httpd.conf", $file);
    kill USR1 => $own->{pid};
    wait_for(10, sub { my @s = said(); (grep { $_->{event} eq 'sys_restart' } @s[$before .. $#s]) ? 1 : undef });
    sleep 1;
    my @now = said();
    @now = @now[$before .. $#now];
    is(join("\n", map { "$_->{event} $_->{title}" } grep { $_->{event} ne 'sys_restart' } @now), join("\n", @$right), $label);
    return @now;
}

$conf = conf('On', 'DetectOnly', '');
$own = own_server('events', $conf);
ok($own->{pid}, 'a server of its own') or do { diag $own->{output}; done_testing; exit };
wait_for(10, sub { scalar said() });
my ($start) = said();
is($start->{event}, 'sys_startup', 'the start');
is($start->{kind}, 'notice', 'a notice');
like($start->{title}, qr/^mod_spbe_guard \S+ in Apache.*: failure On 1 DetectOnly 0 Off 0, input On 0 DetectOnly 1 Off 0$/, 'what is in force');
like($start->{$_} // '', qr/^[0-9a-f]{64}$/, "a fingerprint: $_") for qw(config rules policies);
my $found = wait_for(8, sub { my ($r) = record_json(scalar `$ENV{SPBE_W}/lib/spbe-guardctl --home $home show $start->{ref} --json --key $ENV{SPBE_KEY} 2>/dev/null`); ref $r eq 'HASH' ? $r : undef });
ok($found, 'it is found by its reference');
my $facts = JSON::PP->new->canonical->encode($found || {});
like($facts, qr/\Q@{[ Digest::SHA::sha256_hex($policy) ]}\E  \Q$dir\E\/kebijakan\.json/, 'the policy, as sha256sum says it');

my ($same) = change('nothing changed: nothing to say', $conf . "# a comment\n", []);
is($same->{config}, $start->{config}, 'a comment is no change');
is($same->{rules}, $start->{rules}, 'the same rules');

my ($more) = change('a directive more', $conf . "SpbeGuardHold 32K\n", []);
isnt($more->{config}, $start->{config}, 'another configuration');
is($more->{policies}, $start->{policies}, '... the same policies');

spew("$dir/kebijakan.json", "$policy\n");
my ($other) = change('the policy is another one', $conf, []);
isnt($other->{policies}, $start->{policies}, 'another policy');
is($other->{config}, $more->{config}, '... the same configuration');

my $host = "127.0.0.1:$own->{port}";
my $title = sub { my ($event, $which, $what, $section) = @_; return "$event $which $what: 127.0.0.1" . ($section ? " $section" : '') };
my @changed = change('Input On', conf('On', 'On', ''), [$title->('sys_monitor_enabled', 'SpbeGuardInput', 'DetectOnly -> On')]);
is($changed[-1]{application}, 'Layanan A', 'the application is named');
change('Failure DetectOnly', conf('DetectOnly', 'On', ''), [$title->('sys_monitor_disabled', 'SpbeGuardFailure', 'On -> DetectOnly')]);
change('a section', conf('DetectOnly', 'On', "<Location /bebas>\nSpbeGuardEngine Off\n</Location>"),
    [$title->('sys_monitor_disabled', 'SpbeGuardFailure', 'DetectOnly -> Off', '<Location> /bebas'), $title->('sys_monitor_disabled', 'SpbeGuardInput', 'On -> Off', '<Location> /bebas')]);
change('the section is gone', conf('DetectOnly', 'On', ''),
    [$title->('sys_monitor_enabled', 'SpbeGuardFailure', 'Off -> DetectOnly', '<Location> /bebas'), $title->('sys_monitor_enabled', 'SpbeGuardInput', 'Off -> On', '<Location> /bebas')]);

kill TERM => $own->{pid};
ok(wait_for(15, sub { !kill 0, $own->{pid} }), 'stopped');
ok(wait_for(10, sub { my @s = said(); $s[-1]{event} eq 'sys_shutdown' }), 'the stop');
my @all = said();
is(scalar(grep { $_->{event} eq 'sys_startup' } @all), 1, 'one start');
is(scalar(grep { $_->{event} eq 'sys_shutdown' } @all), 1, 'one stop');

done_testing;
