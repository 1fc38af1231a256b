# SPDX-License-Identifier: Apache-2.0
# A fault that comes again and again: a few have their details, the others point
# to one that has; every reference is found and every one is counted.
use strict;
use warnings FATAL => 'all';
use SPBE::Test;
use Test::More;

my $dir = "$ENV{SPBE_ROOT}/own-flood";
my $home = "$dir/home";
mkdir $dir;
system("$ENV{SPBE_W}/lib/spbe-guardctl", '--home', $home, 'init') == 0 or BAIL_OUT('init failed');

my $own = own_server('flood', <<"CONF");
LoadModule spbe_t_module $ENV{SPBE_W}/lib/mod_spbe_t.so
SpbeGuardLog "|$ENV{SPBE_W}/lib/spbe-guardlog --home $home"
SpbeGuardRecipients none
SpbeGuardRunDir $dir/run
SpbeGuardSpill $dir/spill
SpbeGuardDetailRate 3
SpbeGuardEngine On
<Location /satu>
    SetHandler t-status
</Location>
<Location /dua>
    SetHandler t-status
</Location>
<Location /metrik>
    SetHandler spbe-guard-metrics
</Location>
CONF
ok($own->{pid}, 'a server of its own') or do { diag $own->{output}; done_testing; exit };

sub broken { return get("$_[0]?500,200", vhost => 'SPBE_OWN_flood')->h('X-Request-Ref') }
sub show { my $ref = shift; return wait_for(10, sub { my ($r) = record_json(scalar `$ENV{SPBE_W}/lib/spbe-guardctl --home $home show $ref --json --key $ENV{SPBE_KEY} 2>/dev/null`); ref $r eq 'HASH' ? $r : undef }) }

my @one = map { broken('/satu') } 1 .. 40;
my @two = map { broken('/dua') } 1 .. 2;
show($one[-1]);
my %list = map { $_->{ref} => $_ } grep { $_->{ref} } record_json(scalar `$ENV{SPBE_W}/lib/spbe-guardctl --home $home list --limit 0 --json`);
is(join(' ', grep { !$list{$_} } @one, @two), '', 'every reference is found');
my @all = map { $list{$_} } @one;
my %prints = map { $_->{fingerprint} => 1 } @all;
is(scalar keys %prints, 1, 'one fault');
my @full = grep { ($_->{of} // $_->{id}) eq $_->{id} } @all;
is(scalar @full, 3, 'three of forty have their details');
is(join(' ', map { $_->{id} } @full), join(' ', map { $_->{id} } @all[0 .. 2]), '... the first three');
my %of = map { $_->{of} => 1 } @all[3 .. 39];
is(scalar keys %of, 1, 'all others point to one');
is((keys %of)[0], $all[0]{id}, '... which is the first');
my $first = show($one[0]);
ok($first->{input}, 'that has what was sent');
is($all[39]{title}, $all[0]{title}, 'what is in the index, the others have, too');
is(scalar(grep { ($list{$_}{of} // $list{$_}{id}) eq $list{$_}{id} } @two), 2, 'another fault has its own');
my ($shortened) = get('/metrik', vhost => 'SPBE_OWN_flood')->{body} =~ /^spbe_guard_shortened_total (\d+)/m;
is($shortened, 37, 'and it is counted');

done_testing;
