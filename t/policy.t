# SPDX-License-Identifier: Apache-2.0
# spbe-guardctl policy check, explain and test: it needs no server.
use strict;
use warnings FATAL => 'all';
use Cwd 'abs_path';
use File::Basename 'dirname';
use File::Temp 'tempdir';
use JSON::PP;
use Test::More;

my $top = abs_path(dirname(abs_path(__FILE__)) . '/..');
my $ctl = $ENV{SPBE_GUARDCTL} // "$top/build/spbe-guardctl";
my $policy = "$top/tests/data/policy/layanan.json";
my $tmp = tempdir(CLEANUP => 1);

plan skip_all => "$ctl is not built" if !-x $ctl;

sub file {
    my ($name, $text) = @_;
    open(my $out, '>:raw', "$tmp/$name") or die "$tmp/$name: $!";
    print $out $text;
    close($out);
    return "$tmp/$name";
}

# Exit code, what stands on stdout, what stands on stderr.
sub run {
    my (@args) = @_;
    my $pid = fork() // die "fork: $!";
    if (!$pid) {
        open(STDOUT, '>', "$tmp/out");
        open(STDERR, '>', "$tmp/err");
        exec($ctl, 'policy', @args);
        die;
    }
    waitpid($pid, 0);
    my $code = $? >> 8;
    my @text = map { open(my $in, '<:raw', "$tmp/$_"); local $/; scalar <$in> } 'out', 'err';
    return ($code, map { $_ // '' } @text);
}

my $broken = file('broken.json', <<'JSON');
{"openapi": "3.1.0", "info": {"title": "t", "version": "1"},
 "paths": {"/a": {"get": {"parameters": [
  {"name": "a", "in": "query", "schema": {"type": "strin"}}]}}}}
JSON
my $loose = file('loose.json', <<'JSON');
{"openapi": "3.1.0", "info": {"title": "t", "version": "1"},
 "paths": {"/a": {"get": {"parameters": [
  {"name": "a", "in": "query", "schema": {"type": "string"}}]}}}}
JSON

my $slip = file('slip.json', <<'JSON');
{"openapi": "3.1.0", "info": {"title": "t", "version": "1"},
 "paths": {"/a": {"get": {"parameters": [
  {"name": "a", "in": "query", "schema": {"type": "string", "format": "nikk"}}]}}}}
JSON
my $xml = file('xml.json', <<'JSON');
{"openapi": "3.1.0", "info": {"title": "t", "version": "1"},
 "paths": {"/a": {"post": {"requestBody": {"content": {
  "application/xml": {"schema": {"type": "object"}}}}}}}}
JSON
my $yaml = file('policy.yaml', "openapi: 3.1.0\ninfo:\n  title: t\n");

# [label, arguments, exit code, stdout, stderr]
my @cases = (
    ['a good policy', ['check', $policy], 0, qr/^5 operations, 0 warnings: usable$/m, qr/\A\z/],
    ['an error', ['check', $broken], 1, qr/broken\.json:3:51: .*\n1 errors, 0 warnings: not usable/, qr/\A\z/],
    ['a warning', ['check', $loose], 0, qr/loose\.json:3:42: warning: /, qr/\A\z/],
    ['a warning as JSON', ['check', '--json', $loose], 0, qr/"level":"warning".*"line":3,"column":42/, qr/\A\z/],
    ['no file', ['check', "$tmp/none.json"], 1, qr/\A\z/, qr/none\.json: /],
    ['a folder', ['check', $tmp], 1, qr/\A\z/, qr/irectory/],
    ['two files', ['check', $loose, $loose], 2, qr/\A\z/, qr/needs one FILE/],
    ['an unknown option', ['check', '--foo', $loose], 2, qr/\A\z/, qr/does not know --foo/],
    ['no action', [], 2, qr/\A\z/, qr/needs check, explain, test or formats/],
    ['explain', ['explain', $policy, 'post', '/layanan/permohonan'], 0,
        qr/^POST \/layanan\/permohonan  ajukanPermohonan  \(line 33\)\n.*^    nik +required: text, format nik \(16 digits: [^)]*\(women: day \+ 40\), serial\); personal$/ms,
        qr/\A\z/],
    ['explain a whole URL', ['explain', $policy, 'GET', 'https://x.go.id/layanan/permohonan/2026-000001?a=b'], 0,
        qr/^  \{nomor\} is 2026-000001$/m, qr/\A\z/],
    ['explain as JSON', ['explain', $policy, 'GET', '/layanan/permohonan', '--json'], 0,
        qr/"operationId":"daftarPermohonan"/, qr/\A\z/],
    ['explain a method', ['explain', $policy, 'PUT', '/layanan/permohonan'], 1, qr/405, allowed are GET, HEAD, POST/, qr/\A\z/],
    ['explain no path', ['explain', $policy, 'GET', '/lain'], 1, qr/no path of this policy fits/, qr/\A\z/],
    ['explain a broken policy', ['explain', $broken, 'GET', '/a'], 1, qr/\A\z/, qr/broken\.json:3:51/],
    ['explain too little', ['explain', $policy, 'GET'], 2, qr/\A\z/, qr/needs FILE METHOD URL/],
    ['test nothing', ['test', $policy], 2, qr/\A\z/, qr/needs FILE REQUEST/],
    ['test with a broken policy', ['test', $broken, $loose], 2, qr/\A\z/, qr/broken\.json:3:51/],
    ['test with an odd option', ['test', '--unknown', 'maybe', $policy, $loose], 2, qr/\A\z/, qr/allowed are reject, log, allow/],
    ['formats', ['formats'], 0, qr/^nik +16 digits: .*; personal\n +2171994508909999\n/m, qr/\A\z/],
    ['formats as JSON', ['formats', '--json'], 0, qr/\{"name":"date",.*"example":"2026-11-21","personal":false,"maxLength":10\}/, qr/\A\z/],
    ['formats of a file', ['formats', $loose], 2, qr/\A\z/, qr/takes nothing but --json/],
    ['an unknown format', ['check', $slip], 1, qr/no format nikk; did you mean nik\? spbe-guardctl policy formats/, qr/\A\z/],
    ['explain a body that is not checked', ['explain', $xml, 'POST', '/a'], 0, qr/application\/xml\n    not checked: only forms and JSON/, qr/\A\z/],
    ['YAML', ['check', $yaml], 1, qr/policy\.yaml.*YAML.*JSON.*yq -o=json/, qr/\A\z/],
    ['help', ['--help'], 0, qr/explain FILE METHOD URL/, qr/\A\z/],
);

my $good = file('good', "GET /layanan/permohonan?halaman=2 HTTP/1.1\r\nHost: a\r\n\r\n");
my $bad = file('bad', "GET /layanan/permohonan?halaman=0&lain=1 HTTP/1.1\r\nHost: a\r\n\r\n");
my $none = file('none', "hello\n");
my $form = file('form', "POST /layanan/permohonan HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n\n"
    . 'nik=2171994508909999&nama=Siti+Nur%27aini&tanggal_lahir=1990-08-05&hp=081200000000'
    . '&alamat=Jl.+Contoh+No.+1&mulai=2026-01-05&setuju=ya');
my $chunked = file('chunked', "PATCH /layanan/permohonan/2026-000123 HTTP/1.1\r\nHost: a\r\n"
    . "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    . "6\r\n{\"hp\":\r\n7\r\n\"0812\"}\r\n0\r\n\r\n");

# [arguments, exit code, verdicts: "status reason/keyword:field:action ..."]
my @tests = (
    [[$good], 0, ['0']],
    [[$bad], 1, ['422 schema/minimum:halaman:reject unknown-field/:lain:log']],
    [['--unknown', 'reject', $bad], 1, ['422 schema/minimum:halaman:reject unknown-field/:lain:reject']],
    [['--unknown=allow', $bad], 1, ['422 schema/minimum:halaman:reject']],
    [[$form], 0, ['0']],
    [[$chunked], 1, ['422 schema/format:hp:reject']],
    [[$none], 1, ['400']],
    [[$good, $bad, $good], 1, ['0', '422 schema/minimum:halaman:reject unknown-field/:lain:log', '0']],
    [[$good, "$tmp/missing"], 2, ['0']],
);

my $post = "POST /layanan/permohonan HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n";

# [file, the warning in its verdict or undef]
my @doubts = (
    [$good, undef],
    [$chunked, undef],
    [$form, qr/^no Content-Length: all that follows/],
    [file('newline', "$post\nnik=1\n"), qr/line end at the end of the file belongs to the body/],
    [file('longer', "${post}Content-Length: 5\n\nnik=1\n"), qr/^trailing bytes behind the body are ignored/],
    [file('empty', "${post}Content-Length: 0\n\nnik=1\n"), qr/^trailing bytes behind the body are ignored/],
    [file('exact', "${post}Content-Length: 5\n\nnik=1"), undef],
);

plan tests => 3 * @cases + 2 * @tests + @doubts;

for (@cases) {
    my ($label, $args, $code, $out, $err) = @$_;
    my @got = run(@$args);
    is($got[0], $code, "$label: exit code");
    like($got[1], $out, "$label: stdout");
    like($got[2], $err, "$label: stderr");
}

for (@tests) {
    my ($args, $code, $want) = @$_;
    my ($got, $out) = run('test', $policy, @$args);
    my $label = join(' ', map { s{.*/}{}r } @$args);
    is($got, $code, "test $label: exit code");
    my @verdicts = map {
        join(' ', $_->{status},
            map { "$_->{reason}/" . ($_->{keyword} // '') . ":$_->{field}:$_->{action}" } @{$_->{findings}})
    } @{decode_json($out)};
    is_deeply(\@verdicts, $want, "test $label: verdicts");
}

for (@doubts) {
    my ($file, $want) = @$_;
    my (undef, $out) = run('test', $policy, $file);
    my $got = decode_json($out)->[0]{warning};
    my $label = "test " . ($file =~ s{.*/}{}r) . ": warning";
    defined $want ? like($got, $want, $label) : is($got, undef, $label);
}
