# SPDX-License-Identifier: Apache-2.0
# spbe-guardctl doctor on the fixture trees in tests/data/doctor: it needs no
# server.
use strict;
use warnings FATAL => 'all';
use Cwd 'abs_path';
use File::Basename 'dirname';
use File::Temp 'tempdir';
use JSON::PP;
use Test::More;

my $top = abs_path(dirname(abs_path(__FILE__)) . '/..');
my $data = "$top/tests/data/doctor";
my $ctl = "$top/build/spbe-guardctl";
my $dir = tempdir(CLEANUP => 1);

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

sub is_of {
    my ($f, $site) = @_;
    return !defined $site || ($f->{site} // '') =~ /^\Q$site\E\b/;
}

my @php = ('--php-ini', "$data/php/php.ini", "$data/php/php-fpm.conf", '--error-log', "$data/error.log");

# [configuration, finding, words in what, why or cure, beginning of the site]
my @cases = (
    ['apache/apache2.conf', 'module ok apache/mods-enabled/spbe_guard.load:1'],
    ['apache/apache2.conf', 'mode-failure ok apache/sites-enabled/000-izin.conf:7', 'On'],
    ['apache/apache2.conf', 'site-uncovered bad apache/sites-enabled/000-izin.conf:14', 'SpbeGuardFailure On'],
    ['apache/apache2.conf', 'site-uncovered bad apache/sites-enabled/000-izin.conf:14', ':14 (SpbeGuardEngine Off) menjadi: '],
    ['apache/apache2.conf', 'https-differs bad apache/sites-enabled/000-izin.conf:14', 'HTTPS: Failure Off'],
    ['apache/apache2.conf', 'https-differs bad apache/sites-enabled/000-izin.conf:14', 'SpbeGuardFailure On dan SpbeGuardInput On'],
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
    ['input/server.conf', 'mode-input ok input/server.conf:6', 'On', 'baik'],
    ['input/server.conf', 'mode-input warn input/server.conf:52', 'Off', 'mati'],
    ['input/server.conf', 'mode-input warn input/server.conf:69', 'spbe-guardctl review', 'coba'],
    ['input/server.conf', 'mode-part warn input/server.conf:23', 'SpbeGuardInput On', 'baik'],
    ['input/server.conf', 'mode-part ok input/server.conf:62', 'SpbeGuardInput On di <Location /hidup>', 'mati'],
    ['input/server.conf', 'policy-file ok input/server.conf:14', '1 operasi, 0 peringatan', 'baik'],
    ['input/server.conf', 'policy-file warn input/server.conf:24', 'policy check', 'baik'],
    ['input/server.conf', 'policy-wrong bad input/server.conf:44', 'salah.json:7:40: type', 'proksi'],
    ['input/server.conf', 'policy-unreadable bad input/server.conf:58', 'tidak-ada.json', 'mati'],
    ['input/server.conf', 'param-wrong bad input/server.conf:59', 'bilangan', 'mati'],
    ['input/server.conf', 'input-rules ok input/server.conf:14', 'baik.json; 1 isian SpbeGuardParam', 'baik'],
    ['input/server.conf', 'input-rules ok input/server.conf:24', 'peringatan.json; SpbeGuardInput DetectOnly', 'baik'],
    ['input/server.conf', 'input-rules ok input/server.conf:63', '1 isian SpbeGuardParam; SpbeGuardInput On', 'mati'],
    ['input/server.conf', 'input-rules-idle warn input/server.conf:76', '<Location /mati>', 'coba'],
    ['input/server.conf', 'input-no-rules warn input/server.conf:6', 'SpbeGuardPolicy', 'kosong'],
    ['input/server.conf', 'malformed-loose ok input/server.conf:19', '1 sebab tidak ditolak (duplicate)', 'baik'],
    ['input/server.conf', 'malformed-loose warn input/server.conf:39', '29 sebab', 'kosong'],
    ['input/server.conf', 'fail-open warn input/server.conf:35', 'SpbeGuardFailMode closed', 'kosong'],
    ['input/server.conf', 'fail-open warn input/server.conf:56', 'SpbeGuardFailMode closed', 'mati'],
    ['input/server.conf', 'unknown-allow warn input/server.conf:45', 'SpbeGuardUnknown log', 'proksi'],
    ['input/server.conf', 'body-pass warn input/server.conf:34', 'tanpa pass', 'kosong'],
    ['input/server.conf', 'upload-unlimited warn input/server.conf:32', 'LimitRequestBody 33554432', 'kosong'],
    ['input/server.conf', 'client-idle warn input/server.conf:31', 'SpbeGuardPolicy', 'kosong'],
    ['input/server.conf', 'client-idle warn input/server.conf:54', 'SpbeGuardInput On', 'mati'],
    ['input/server.conf', 'client-proxied warn input/server.conf:47', 'ProxyPass !', 'proksi'],
    ['input/server.conf', 'client-handler warn input/server.conf:64', '<Location /skrip/isian>', 'mati'],
    ['input/server.conf', 'verdict-header warn input/server.conf:30', 'SPBE_VERDICT', 'kosong'],
    ['input/server.conf', 'spool-missing bad input/server.conf:5', 'missing/spool'],
    ['input/server.conf', 'slow-bodies warn input/server.conf', 'reqtimeout'],
    ['input/quiet.conf', 'slow-bodies warn input/quiet.conf:4', 'MinRate'],
    ['input/quiet.conf', 'client-unused warn input/quiet.conf:7', 'SpbeGuardClientScript On'],
    ['input/quiet.conf', 'verdict-header warn input/quiet.conf:10', 'SpbeGuardInput DetectOnly'],
);
# What must not be found.
my @absent = (
    ['apache/apache2.conf', 'log-missing'],
    ['apache/apache2.conf', 'proxy-error-override'],
    ['apps.conf', 'https-differs'],
    ['apps.conf', 'site-uncovered'],
    ['apps.conf', 'remoteip'],
    ['apps.conf', 'cgid'],
    ['apps.conf', 'client-unused'],
    ['apps.conf', 'spool-missing'],
    # DetectOnly refuses nothing that could be weakened; a policy that is wrong
    # has no rules in force; a proxied application hears the verdict.
    ['input/server.conf', 'fail-open', 'coba'],
    ['input/server.conf', 'body-pass', 'coba'],
    ['input/server.conf', 'upload-unlimited', 'coba'],
    ['input/server.conf', 'malformed-loose', 'coba'],
    ['input/server.conf', 'input-rules', 'proksi'],
    ['input/server.conf', 'verdict-header', 'proksi'],
    ['input/server.conf', 'unknown-allow', 'kosong'],
    ['input/server.conf', 'input-no-rules', 'baik'],
    ['input/server.conf', 'client-handler', 'baik'],
    ['input/server.conf', 'client-proxied', 'baik'],
    ['input/server.conf', 'client-unused'],
    ['input/quiet.conf', 'input-no-rules'],
);

my %seen;
for my $case (@cases) {
    my ($conf, $want, $words, $site) = @$case;
    $seen{$conf} //= [doctor('--conf', "$data/$conf", @php)];
    my ($hit) = grep { line_of($_) eq $want && is_of($_, $site) } @{ $seen{$conf}[1] };
    ok($hit, "$conf: $want") or diag(join("\n", map { line_of($_) } @{ $seen{$conf}[1] }));
    like(join(' ', map { $hit->{$_} // '' } qw(what why cure)), qr/\Q$words\E/, "$want: says $words") if $hit && $words;
}
for my $case (@absent) {
    my ($conf, $id, $site) = @$case;
    ok(!(grep { $_->{id} eq $id && is_of($_, $site) } @{ $seen{$conf}[1] }), join(' ', "$conf: no $id", $site // ()));
}
for my $conf (sort keys %seen) {
    is($seen{$conf}[0], 1, "$conf: exit code says that something is bad");
    is((grep { $_->{level} ne 'ok' && !($_->{why} && $_->{cure}) } @{ $seen{$conf}[1] }), 0,
        "$conf: every finding has its why and its cure");
}

# Where bodies are kept, as the user that httpd runs as can write there.
sub spool {
    my ($folder, @lines) = @_;
    my $file = "$dir/spool.conf";
    open(my $out, '>', $file) or die "$file: $!";
    print $out join("\n", 'LoadModule spbe_guard_module modules/mod_spbe_guard.so', 'User nobody',
        'Listen 80', 'SpbeGuardInput On', "SpbeGuardSpoolDir $folder", @lines), "\n";
    close($out) or die "$file: $!";
    my ($code, $found) = doctor('--conf', $file, '--php-ini', '/dev/null');
    return map { "$_->{id} $_->{level}: $_->{what}" } grep { $_->{id} =~ /^spool/ } @$found;
}
chmod(0755, $dir) or die $!;
mkdir("$dir/$_") or die "$dir/$_: $!" for qw(terbuka tertutup);
chmod(0777, "$dir/terbuka") or die $!;
chmod(0555, "$dir/tertutup") or die $!;
for my $case (
    ['terbuka', 'SpbeGuardSpoolLimit 1K', ''],
    ['terbuka', 'SpbeGuardSpoolLimit 16384G', qr/^spool-room warn: .*16777216 MiB/],
    ['tertutup', '', qr/^spool-unwritable bad: .* nobody$/],
    ['tertutup/tiada', '', qr/^spool-missing bad/],
    ['tertutup', 'SpbeGuardInput DetectOnly', ''],
) {
    my ($folder, $line, $want) = @$case;
    my @got = spool("$dir/$folder", $line);
    ref $want ? like("@got", $want, "spool $folder: $line") : is("@got", $want, "spool $folder: $line: nothing");
}

system("$ctl doctor --conf /nonexistent/apache2.conf 2>/dev/null");
is($? >> 8, 2, 'a configuration that is not there is a usage error');
system("$ctl doctor --unknown 2>/dev/null");
is($? >> 8, 2, 'an unknown option as well');
like(scalar `$ctl doctor --conf $data/apps.conf --php-ini /dev/null`, qr/obat: .*\n\d+ bahaya, \d+ periksa, \d+ baik\n\z/s,
    'for people');

done_testing();
