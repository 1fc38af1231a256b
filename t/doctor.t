# SPDX-License-Identifier: Apache-2.0
# spbe-guardctl doctor on the fixture trees in tests/data/doctor: it needs no
# server.
use strict;
use warnings FATAL => 'all';
use Cwd 'abs_path';
use File::Basename 'dirname';
use JSON::PP;
use Test::More;

my $top = abs_path(dirname(abs_path(__FILE__)) . '/..');
my $data = "$top/tests/data/doctor";
my $ctl = "$top/build/spbe-guardctl";

plan skip_all => "$ctl is not built" if !-x $ctl;

# Findings as "id level file:line", files from the fixture folder on.
sub doctor {
    my (@args) = @_;
    open(my $out, '-|', $ctl, 'doctor', '--json', @args) or die "$ctl: $!";
    local $/;
    my $found = decode_json(<$out>);
    close($out);
    my $code = $? >> 8;
    return ($code, $found);
}

sub line_of {
    my ($f) = @_;
    (my $file = $f->{file} // '') =~ s{^\Q$data\E/}{};
    return join(' ', $f->{id}, $f->{level}, $file . ($f->{line} ? ":$f->{line}" : ''));
}

my @php = ('--php-ini', "$data/php/php.ini", "$data/php/php-fpm.conf", '--error-log', "$data/error.log");

# [configuration, finding, words in what or cure]
my @cases = (
    ['apache/apache2.conf', 'module ok apache/mods-enabled/spbe_guard.load:1'],
    ['apache/apache2.conf', 'mode-failure ok apache/sites-enabled/000-izin.conf:7', 'On'],
    ['apache/apache2.conf', 'site-uncovered bad apache/sites-enabled/000-izin.conf:14', 'SpbeGuardFailure On'],
    ['apache/apache2.conf', 'https-differs bad apache/sites-enabled/000-izin.conf:14', 'HTTPS: Failure Off'],
    ['apache/apache2.conf', 'mode-failure ok apache/mods-enabled/spbe_guard.conf:2'],
    ['apache/apache2.conf', 'mode-failure warn apache/sites-enabled/010-lama.conf:9', 'DetectOnly'],
    ['apache/apache2.conf', 'mode-part warn apache/sites-enabled/010-lama.conf:12', 'LocationMatch'],
    ['apache/apache2.conf', 'server-tokens warn apache/apache2.conf:3', 'ServerTokens Prod'],
    ['apache/apache2.conf', 'trace-enable warn apache/apache2.conf:4', 'TraceEnable Off'],
    ['apache/apache2.conf', 'cgid warn apache/mods-enabled/cgid.load:1', 'mod_cgi.so'],
    ['apache/apache2.conf', 'remoteip warn apache/apache2.conf:13', 'RemoteIPHeader'],
    ['apache/apache2.conf', 'conf-unreadable warn ', 'missing/ports.conf'],
    ['apache/apache2.conf', 'display-errors bad php/php.ini:4', 'display_errors = Off'],
    ['apache/apache2.conf', 'display-errors bad php/php-fpm.conf:4', 'php_admin_flag'],
    ['apache/apache2.conf', 'fpm-log-limit warn php/php-fpm.conf:2', '8192'],
    ['apache/apache2.conf', 'log-detail warn error.log', '1 dari 3'],
    ['apps.conf', 'mode-failure ok apps.conf:8'],
    ['apps.conf', 'log-missing bad apps.conf:2'],
    ['apps.conf', 'proxy-error-override warn apps.conf:9'],
    ['apps.conf', 'log-level warn apps.conf:10', 'LogLevel warn'],
    ['apps.conf', 'display-errors warn apps.conf:11'],
    ['apps.conf', 'app-debug warn app/public/../.env:2', 'APP_ENV=production'],
    ['apps.conf', 'app-debug warn app/public/../.env:4', 'APP_DEBUG=false'],
    ['apps.conf', 'app-debug warn app/public/index.php:3', 'CI_ENV'],
    ['apps.conf', 'app-debug warn app/public/wp-config.php:2', 'WP_DEBUG'],
);
# What must not be found.
my @absent = (
    ['apache/apache2.conf', 'log-missing'],
    ['apache/apache2.conf', 'proxy-error-override'],
    ['apps.conf', 'https-differs'],
    ['apps.conf', 'site-uncovered'],
    ['apps.conf', 'remoteip'],
    ['apps.conf', 'cgid'],
);

my %seen;
for my $case (@cases) {
    my ($conf, $want, $words) = @$case;
    $seen{$conf} //= [doctor('--conf', "$data/$conf", @php)];
    my ($hit) = grep { line_of($_) eq $want } @{ $seen{$conf}[1] };
    ok($hit, "$conf: $want") or diag(join("\n", map { line_of($_) } @{ $seen{$conf}[1] }));
    like(join(' ', map { $hit->{$_} // '' } qw(what cure)), qr/\Q$words\E/, "$want: says $words") if $hit && $words;
}
for my $case (@absent) {
    my ($conf, $id) = @$case;
    ok(!(grep { $_->{id} eq $id } @{ $seen{$conf}[1] }), "$conf: no $id");
}
for my $conf (sort keys %seen) {
    is($seen{$conf}[0], 1, "$conf: exit code says that something is bad");
    is((grep { $_->{level} ne 'ok' && !($_->{why} && $_->{cure}) } @{ $seen{$conf}[1] }), 0,
        "$conf: every finding has its why and its cure");
}

system("$ctl doctor --conf /nonexistent/apache2.conf 2>/dev/null");
is($? >> 8, 2, 'a configuration that is not there is a usage error');
system("$ctl doctor --unknown 2>/dev/null");
is($? >> 8, 2, 'an unknown option as well');
like(scalar `$ctl doctor --conf $data/apps.conf --php-ini /dev/null`, qr/obat: .*\n\d+ bahaya, \d+ periksa, \d+ baik\n\z/s,
    'for people');

done_testing();
