# SPDX-License-Identifier: Apache-2.0
# Bad configuration gets an error that names directive, value and what is
# allowed; a check opens nothing; trouble with the log is said and serving goes on.
use strict;
use warnings FATAL => 'all';
use SPBE::Test;
use Test::More;
use Time::HiRes qw(sleep);

my $log = "SpbeGuardLog $ENV{SPBE_ROOT}/config-check.log";
my $dir = "$ENV{SPBE_ROOT}/config";
mkdir $dir;
spew("$dir/page-variable.html", "<html>{{reference}} {{rahasia}}</html>");
spew("$dir/page-latin1.html", "<html>caf\xe9 {{reference}}</html>");
spew("$dir/rules-local.conf", "ServerName x\n");
spew("$dir/rules-broken.json", '{ "version": 1, "rules": [ { "id": "a", ');
spew("$dir/rules-unknown.json", '{ "version": 1, "rules": [ { "id": "kota-a", "runtime": "kota", "kind": "trace", "severity": "fatal", "literals": ["ABCDEF"], "warna": 1, "match": ["ABCDEF"], "miss": ["x"] } ] }');
spew("$dir/rules-regex.json", '{ "version": 1, "rules": [ { "id": "kota-a", "runtime": "kota", "kind": "trace", "severity": "fatal", "literals": ["ABCDEF"], "regex": "ABCDEF(", "match": ["ABCDEF"], "miss": ["x"] } ] }');
spew("$dir/rules-short.json", '{ "version": 1, "rules": [ { "id": "kota-a", "runtime": "kota", "kind": "trace", "severity": "fatal", "literals": ["AB"], "match": ["AB"], "miss": ["x"] } ] }');

# directive line => what the message must say besides the directive's name
my @bad = (
    ['SpbeGuardEngine', 'nyala', 'nyala', 'On', 'DetectOnly', 'Off'],
    ['SpbeGuardFailure', 'yes', 'yes', 'On', 'DetectOnly', 'Off'],
    ['SpbeGuardInput', '1', '1', 'On', 'DetectOnly', 'Off'],
    ['SpbeGuardEngine', '', 'argument'],
    ['SpbeGuardEngine', 'On Off', 'argument'],
    ['SpbeGuardLog', '"|"', '|', 'command'],
    ['SpbeGuardLog', '/bin/true', '/bin/true', 'no file of records', '"|/bin/true"'],
    ['SpbeGuardLog', "$dir/rules-local.conf", 'no file of records'],
    ['SpbeGuardLogWait', '-1', '-1', '0', '10000'],
    ['SpbeGuardLogWait', '10001', '10001', '10000'],
    ['SpbeGuardLogWait', 'lama', 'lama', 'milliseconds'],
    ['SpbeGuardSpill', '""', 'one argument'],
    ['SpbeGuardSpill', '/bin/true', '/bin/true', 'a folder'],
    ['SpbeGuardSpillLimit', '-1', '-1', '16384G'],
    ['SpbeGuardSpillLimit', '1T', '1T', '16384G'],
    ['SpbeGuardStopWait', '601', '601', '0', '600'],
    ['SpbeGuardStopWait', '10s', '10s', 'seconds'],
    ['SpbeGuardRunDir', '""', 'one argument'],
    ['SpbeGuardRunDir', '/bin/true', '/bin/true', 'a folder'],
    ['SpbeGuardDetailRate', 'semua', 'semua', '100000', 'every one'],
    ['SpbeGuardDetailRate', '-1', '-1', '100000'],
    ['SpbeGuardRecordLimit', '100', '100', '4096'],
    ['SpbeGuardRecordLimit', '2M', '2M', '1M'],
    ['SpbeGuardRecordLimit', '64G', '64G'],
    ['SpbeGuardApplication', '""', 'name'],
    ['SpbeGuardApplication', 'Izin pemilik=x', 'pemilik=x', 'owner=', 'dev=', 'sysadmin=', 'data='],
    ['SpbeGuardApplication', 'Izin dev=', 'dev='],
    ['SpbeGuardErrorStatus', '200', '200', '400-599', 'none'],
    ['SpbeGuardErrorStatus', '599-500', '599-500'],
    ['SpbeGuardErrorStatus', '500 lima', 'lima'],
    ['SpbeGuardErrorStatus', '500-600', '500-600'],
    ['SpbeGuardErrorStatus', 'none 500', 'none'],
    ['SpbeGuardErrorBody', 'keep', 'keep', 'replace', 'keep-clean'],
    ['SpbeGuardLeak', 'hapus', 'hapus', 'replace', 'excise', 'log', 'off'],
    ['SpbeGuardLeakTypes', 'html', 'html', 'text/*'],
    ['SpbeGuardHold', '2M', '2M', '1M'],
    ['SpbeGuardHold', 'banyak', 'banyak', 'bytes'],
    ['SpbeGuardHold', '64K 70000', '70000', '60000'],
    ['SpbeGuardHideFile', '/etc/passwd', '/etc/passwd'],
    ['SpbeGuardErrorPage', "$dir/tidak-ada.html", 'tidak-ada.html'],
    ['SpbeGuardErrorPage', "$dir/page-variable.html", 'rahasia', 'reference'],
    ['SpbeGuardErrorPage', "$dir/page-latin1.html", 'UTF-8'],
    ['SpbeGuardContact', '"' . 'x' x 301 . '"', '300'],
    ['SpbeGuardLanguage', 'jv', 'jv', 'id', 'en'],
    ['SpbeGuardLanguage', 'id fr', 'fr'],
    ['SpbeGuardStripHeader', '"X Bad"', 'X Bad'],
    ['SpbeGuardStripHeader', 'X-*-Y', 'X-*-Y'],
    ['SpbeGuardRedact', 'x', 'x', '2'],
    ['SpbeGuardRules', "$dir/tidak-ada.json", 'tidak-ada.json'],
    ['SpbeGuardRules', "$dir/rules-broken.json", 'rules-broken.json:1'],
    ['SpbeGuardRules', "$dir/rules-unknown.json", 'rules-unknown.json:1', 'warna'],
    ['SpbeGuardRules', "$dir/rules-regex.json", 'rules-regex.json:1'],
    ['SpbeGuardRules', "$dir/rules-short.json", 'rules-short.json:1'],
);
my $n = 0;
for my $case (@bad) {
    my ($name, $value, @says) = @$case;
    my $label = length $value > 60 ? "$name " . substr($value, 0, 50) . '...' : "$name $value";
    my ($text, $rc) = own_test('check', ($name eq 'SpbeGuardLog' ? '' : "$log\n") . "SpbeGuardFailure On\n$name $value\n");
    isnt($rc, 0, "$label: refused");
    my @missing = grep { index($text, $_) < 0 } $name, @says;
    is("@missing", '', "$label: says so") or diag $text;
    unlike($text, qr/Syntax OK/, "$label: not called OK");
}

# where they may stand
for my $name (['SpbeGuardLog', "$dir/x.log"], ['SpbeGuardLogWait', 50], ['SpbeGuardRecordLimit', '64K'], ['SpbeGuardSpill', $dir], ['SpbeGuardSpillLimit', '1M'], ['SpbeGuardStopWait', 5], ['SpbeGuardRunDir', $dir], ['SpbeGuardDetailRate', 5], ['SpbeGuardRedact', 'sandi'], ['SpbeGuardRules', "$ENV{SPBE_ROOT}/conf/rules-kota.json"]) {
    my ($directive, $value) = @$name;
    for my $place ('VirtualHost *:1', 'Location /a', 'Directory /a') {
        my ($kind) = $place =~ /^(\w+)/;
        my ($text, $rc) = own_test('check', "<$place>\n    $directive $value\n</$kind>\n");
        ok($rc != 0 && $text =~ /\Q$directive\E/, "$directive in <$kind>: refused, and named") or diag $text;
    }
}
my @anywhere = ('SpbeGuardEngine DetectOnly', 'SpbeGuardFailure On', 'SpbeGuardInput Off', 'SpbeGuardApplication A owner=a dev=b sysadmin=c data=d', 'SpbeGuardErrorStatus 500-599 404', 'SpbeGuardErrorStatus none',
    'SpbeGuardErrorBody keep-clean', 'SpbeGuardLeak excise', 'SpbeGuardLeakTypes none text/*', 'SpbeGuardHold 0', 'SpbeGuardHold 1M 60000', 'SpbeGuardHideFile none *.x', "SpbeGuardErrorPage $ENV{SPBE_ROOT}/conf/halaman-kota.html",
    'SpbeGuardContact "Loket 1"', 'SpbeGuardLanguage en id', 'SpbeGuardStripHeader none X-A*');
for my $line (@anywhere) {
    my $conf = "$log\n$line\n" . join '', map { "<$_->[0] $_->[1]>\n    $line\n</$_->[0]>\n" } ['VirtualHost', '*:1'], ['Location', '/a'], ['Directory', '/a'], ['Files', 'a'], ['If', '"true"'];
    my ($text, $rc) = own_test('check', $conf);
    is($rc, 0, "$line: anywhere") or diag $text;
}
my ($text, $rc) = own_test('check', "SpbeGuardLogWait 0\nSpbeGuardSpill none\nSpbeGuardSpillLimit 2G\nSpbeGuardStopWait 0\nSpbeGuardRunDir $dir/run-baru\nSpbeGuardDetailRate 0\nSpbeGuardRecordLimit 1M\nSpbeGuardRedact sandi nomor\nSpbeGuardRules $ENV{SPBE_ROOT}/conf/rules-kota.json\nSpbeGuardLog \"|\$cat >/dev/null\"\nSpbeGuardEngine On\n");
is($rc, 0, 'the directives of the server') or diag $text;
ok(!-e "$dir/run-baru", 'configtest makes no folder');
($text, $rc) = own_test('check', "SpbeGuardFailure On\n");
like($text, qr/SpbeGuardLog/, 'no SpbeGuardLog: said');
($text, $rc) = own_test('check', '');
is($rc, 0, 'loaded and not used: fine');
unlike($text, qr/SG\d{4}/, 'loaded and not used: not a word');
($text, $rc) = own_test('check', "$log\nSpbeGuardEngine On\nProxyPass / http://127.0.0.1:1/\nProxyErrorOverride On\n");
is($rc, 0, 'ProxyErrorOverride On: allowed');
like($text . slurp("$ENV{SPBE_ROOT}/own-check/error_log"), qr/ProxyErrorOverride/, 'ProxyErrorOverride On: what it costs is said');

# a check starts nothing and writes nothing
unlink "$dir/ditulis", "$dir/catatan.log";
own_test('check', "SpbeGuardEngine On\nSpbeGuardLog \"|/usr/bin/touch $dir/ditulis\"\n");
own_test('check', "SpbeGuardEngine On\nSpbeGuardLog $dir/catatan.log\n");
sleep 0.3;
ok(!-e "$dir/ditulis", 'configtest starts no logger');
ok(!-e "$dir/catatan.log", 'configtest writes no log');

# never in .htaccess: who can write one could switch the guard off
my $own = own_server('htaccess', "$log\nSpbeGuardEngine On\n<Directory \"$dir\">\nAllowOverride All\nRequire all granted\n</Directory>\nAlias /h $dir\n");
ok($own->{pid}, 'a server with AllowOverride All') or diag $own->{output};
for my $line ('SpbeGuardEngine Off', 'SpbeGuardFailure Off', 'SpbeGuardLeak off', 'SpbeGuardHideFile none', 'SpbeGuardErrorStatus none') {
    spew("$dir/.htaccess", "$line\n");
    spew("$dir/isi.html", 'isi');
    is(get('/h/isi.html', vhost => 'SPBE_OWN_htaccess')->{status}, 500, ".htaccess: $line is refused");
    like(slurp($own->{log}), qr/\.htaccess: \Q@{[$line =~ m{^(\S+)}]}\E not allowed here/, '... and the error log says why');
}
unlink "$dir/.htaccess";

# --- trouble with the log: said, and serving goes on ------------------------------------------

my $fails = "LoadModule spbe_t_module $ENV{SPBE_W}/lib/mod_spbe_t.so\n<Location /status>\nSetHandler t-status\n</Location>\n<Location /metrik>\nSetHandler spbe-guard-metrics\n</Location>\n";
my $n_own = 0;
sub value { my ($text, $name) = @_; my ($v) = $text =~ /^spbe_guard_$name (\S+)/m; return $v // 'absent' }
for my $case (
    ['a program that is not there', '"|/tidak/ada/pencatat"', qr/tidak\/ada\/pencatat|could not|cannot|SG\d{4}/],
    ['a program that ends at once', '"|/bin/false"', qr/SG\d{4}|piped log program/],
    ['a full disk', '/dev/full', qr/SG\d{4}.*(?:[Nn]o space|full|28)/],
    ['a folder that may not be written', '/proc/catatan.log', qr/SG\d{4}/],
) {
    my ($label, $target, $says) = @$case;
    my $name = 'trouble' . ++$n_own;
    my $s = own_server($name, "SpbeGuardLog $target\nSpbeGuardLogWait 50\nSpbeGuardEngine On\n$fails");
    ok($s->{pid}, "$label: the server starts") or do { diag $s->{output}; next };
    my $before = time;
    my @status = map { get('/status?500', vhost => "SPBE_OWN_$name") } 1 .. 5;
    is(join(' ', map { $_->{status} } @status), '500 500 500 500 500', "$label: serves on");
    cmp_ok(time - $before, '<', 4, "$label: without waiting long");
    ok($status[0]{body} =~ $REF && hidden($status[0]{wire}), "$label: still our page");
    ok(wait_for(4, sub { slurp($s->{log}) . $s->{output} =~ $says }), "$label: said in the error log") or diag slurp($s->{log});
    my $m;
    my $said = wait_for(5, sub {
        $m = get('/metrik', vhost => "SPBE_OWN_$name")->{body};
        return value($m, 'log_up') eq '0' || value($m, 'records_lost_total') =~ /^[1-9]/ || value($m, 'lost_total') =~ /^[1-9]/;
    });
    ok($said, "$label: and on the metrics") or diag $m;
}

done_testing;
