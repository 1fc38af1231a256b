# SPDX-License-Identifier: Apache-2.0
# What becomes of a request that is refused, broken off, too large, streamed or
# rewritten; and that DetectOnly changes nothing.
use strict;
use warnings FATAL => 'all';
use IO::Select ();
use SPBE::Body;
use SPBE::Test;
use Test::More;
use Time::HiRes qw(sleep time);

frameworks();
rawd('gema', ['gema']);
my $form = 'application/x-www-form-urlencoded';

sub spooled { get('/metrik')->{body} =~ /^spbe_guard_spooled_bytes_total (\d+)/m ? $1 : -1 }

# --- refused: the handler sees nothing of it ----------------------------------------

my @bad = (
    ['percent in a form', 400, '/cgi/gema.pl', 'a=%zz', {}],
    ['percent in a form, chunked', 400, '/cgi/gema.pl', 'a=%zz', { each => 2 }],
    ['percent behind 200 KB', 400, '/cgi/gema.pl', 'a=' . 'x' x 200_000 . '&b=%zz', {}],
    ['percent in a query', 400, '/cgi/gema.pl?a=%zz', 'a=1', {}],
    ['NUL', 400, '/raw/gema', 'a=%00', {}],
    ['JSON that ends early', 400, '/raw/gema', '{"a":', { type => 'application/json' }],
    ['compressed', 415, '/cgi/gema.pl', "\x1f\x8b\x08", { headers => [['Content-Encoding', 'gzip']] }],
    ['Upgrade beside a form', 400, '/cgi/gema.pl', 'a=%zz', { headers => [['Upgrade', 'websocket'], ['Connection', 'upgrade']] }],
    ['gRPC that is JSON by its name', 400, '/raw/gema', '{"a":', { type => 'application/grpc+json' }],
    ['multipart without its end', 400, '/cgi/gema.pl', "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1", { type => 'multipart/form-data; boundary=x' }],
);
for my $case (@bad) {
    my ($name, $status, $path, $body, $how) = @$case;
    my $r = post($path, $body, %$how);
    is($r->{status}, $status, "$name: $status");
    like($r->h('X-Request-Ref') // '', qr/^$REF$/, "$name: a reference");
    unlike($r->{body}, qr/"how":/, "$name: the handler was not reached");
}

# --- a refusal and the next request of the connection ----------------------------------

my $inside = "GET /halaman/bersih.html?selundup HTTP/1.1\r\nHost: x\r\nX-Test-Id: selundup-$$\r\n\r\n";
for my $case (
    ['read body', $form, '', "a=%zz&b=$inside"],
    ['unread body', $form, "Content-Encoding: gzip\r\n", $inside x 3],
    ['a body that is too long', $form, '', 'x' x 1_100_000 . $inside],
    ['a body of 2 GB that is announced', $form, '', $inside, 2_000_000_000],
) {
    my ($name, $type, $more, $body, $length) = @$case;
    my $c = connection('main', timeout => 6);
    $length ||= length $body;
    $c->send_raw("POST /cgi/gema.pl HTTP/1.1\r\nHost: x\r\nX-Test-Id: pipa-$$\r\nContent-Type: $type\r\n${more}Content-Length: $length\r\n\r\n$body");
    my $first = $c->response('POST');
    like($first->{status}, qr/^4/, "$name: refused with $first->{status}");
    $c->send_raw("GET /halaman/bersih.html HTTP/1.1\r\nHost: x\r\nX-Test-Id: sesudah-$$\r\n\r\n");
    my $next = $c->response('GET');
    ok($next->{status} == 0 || $next->{status} == 200, "$name: closed, or in step with the next request") or diag $next->{wire};
    my $more_came = $next->{status} ? $c->response('GET') : undef;
    ok(!$more_came || !$more_came->{status}, "$name: nothing else is answered");
    $c->close;
}
get('/halaman/bersih.html');
sleep 0.3;
unlike(slurp("$ENV{SPBE_ROOT}/logs/ref_log"), qr/selundup/, 'no body was taken for a request');

# --- Expect: refused before anything is sent ----------------------------------------------

for my $case (['too long', $form, '', 3_000_000, 413], ['LimitRequestBody', 'multipart/form-data; boundary=x', '', 2_000_000_000, 413], ['compressed', $form, "Content-Encoding: br\r\n", 100, 415]) {
    my ($name, $type, $more, $length, $status) = @$case;
    my $c = connection('main', timeout => 6);
    $c->send_raw("POST /raw/gema HTTP/1.1\r\nHost: x\r\nX-Test-Id: expect-$$\r\nExpect: 100-continue\r\nContent-Type: $type\r\n${more}Content-Length: $length\r\n\r\n");
    my $start = time;
    my $r = $c->response('POST');
    is($r->{status}, $status, "Expect, $name: $status");
    is("@{ $r->{interim} }", '', "Expect, $name: not told to go on");
    cmp_ok(time - $start, '<', 2, "Expect, $name: at once");
    $c->close;
}

# --- limits --------------------------------------------------------------------------------

my $long = form(5000);
my ($parts, $parts_type) = multipart(300_000);
is(post('/g-bodi1k/raw/gema', $long)->{status}, 413, 'a form over SpbeGuardBodyLimit: 413');
is(post('/g-bodi1k/raw/gema', $long, each => 100)->{status}, 413, '... in chunks');
is(gema(post('/g-bodi1k/raw/gema', form(1024)))->{bytes}, 1024, '... of exactly that size');
is(gema(post('/g-bodi1k/raw/gema', $parts, type => $parts_type))->{sha1}, sha1_hex($parts), '... not for a file');
my $fields = join('', map { "--x\r\nContent-Disposition: form-data; name=\"f$_\"\r\n\r\n" . 'y' x 300 . "\r\n" } 1 .. 5) . "--x--\r\n";
is(post('/g-bodi1k/raw/gema', $fields, type => 'multipart/form-data; boundary=x')->{status}, 413, '... but for the fields beside it');
for my $place ('bodi1kpass', 'bodi1klog') {
    for my $size (1023, 1024, 1025, 5000, 70_000, 300_000) {
        for my $each (0, 777) {
            my $bytes = form($size);
            my $got = gema(post("/g-$place/raw/gema", $bytes, each => $each));
            is($got->{sha1}, sha1_hex($bytes), "$place: $size bytes" . ($each ? ' in chunks' : '') . ' pass whole') or diag explain $got;
        }
    }
    my $r = post("/g-$place/raw/gema", 'a=%zz&' . form(5000));
    is($r->{status}, 400, "$place: the first bytes are examined");
}
is(post('/g-lrb/raw/gema', $parts, type => $parts_type)->{status}, 413, 'LimitRequestBody: httpd says 413');
is(post('/g-lrb/raw/gema', $parts, type => $parts_type, each => 5000)->{status}, 413, '... in chunks');
for my $each (0, 5000) {
    my $r = post('/g-lrb/cgi/gema.pl', form(300_000), each => $each);
    is($r->{status}, 413, 'LimitRequestBody for a form' . ($each ? ' in chunks' : ''));
    is(scalar(() = $r->{wire} =~ m{^HTTP/1\.1 }mg), 1, '... answered once');
    like($r->h('X-Request-Ref') // '', qr/^$REF$/, '... with our page');
}
is(gema(post('/g-lrb/raw/gema', (multipart(100_000))[0], type => $parts_type))->{how}, 'proxy', '... below it');

my @broken;

# --- broken off ------------------------------------------------------------------------------

for my $case (
    ['half a form', "Content-Type: $form\r\nContent-Length: 1000\r\n\r\na=1"],
    ['half a chunk', "Content-Type: $form\r\nTransfer-Encoding: chunked\r\n\r\n100\r\na=1"],
    ['no last chunk', "Content-Type: $form\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n"],
    ['half a file', "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 900000\r\n\r\n--x\r\n" . 'y' x 200_000],
    ['no chunk size', "Content-Type: $form\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\na=1\r\n0\r\n\r\n"],
) {
    my ($name, $rest) = @$case;
    (my $id = "putus-$name-$$") =~ s/ /-/g;
    my $c = connection('main', timeout => 5);
    $c->send_raw("POST /raw/gema HTTP/1.1\r\nHost: x\r\nX-Test-Id: $id\r\n$rest");
    shutdown $c->{sock}, 1;
    my $r = $c->response('POST');
    is($r->{status}, 400, "$name: 400") or diag $r->{wire};
    my $line = access_line($id) || {};
    is($line->{status}, 400, "$name: in the access log");
    push @broken, $line->{ref} || $line->{log};
}

is((record_of($broken[0]) || {})->{class}, 'protocol', 'a request that was broken off is recorded as such');

# --- streams: not read, not kept ----------------------------------------------------------------

my $before = spooled();
my $octets = octets(400_000);
for my $case (
    ['PUT', 'PUT', 'application/pdf'], ['PATCH', 'PATCH', 'application/octet-stream'], ['PUT of XML', 'PUT', 'text/xml'],
    ['octet-stream', 'POST', 'application/octet-stream'], ['gRPC', 'POST', 'application/grpc'], ['gRPC, typed', 'POST', 'application/grpc+proto'], ['video', 'POST', 'video/mp4'],
) {
    my ($name, $method, $type) = @$case;
    my $got = gema(post('/raw/gema', $octets, type => $type, method => $method, each => 8000));
    is($got->{sha1}, sha1_hex($octets), "$name: byte for byte") or diag explain $got;
    is($got->{coding}, 'chunked', "$name: in chunks, as it came");
}
is(spooled(), $before, 'streams: nothing was kept');
post('/raw/gema', $parts, type => $parts_type);
cmp_ok(spooled(), '>', $before, '... as a form with a file is');

# short text may be a form in disguise: read, and given as it came
$before = spooled();
for my $each (0, 700) {
    my $text = "catatan rapat\n" x ($each ? 3000 : 100);
    my $got = gema(post('/raw/gema', $text, type => 'text/plain', each => $each));
    is_deeply([@$got{qw(sha1 coding)}], [sha1_hex($text), $each ? 'chunked' : ''], 'text' . ($each ? ' in chunks' : '') . ': as it came');
}
is(post('/raw/gema', '{"peran":"admin"}', type => 'text/plain')->{status}, 415, 'JSON as text/plain: 415');
is(post('/g-bodi1k/raw/gema', 'catatan ' x 1000, type => 'text/plain')->{status}, 200, 'text longer than a form may be: passes');

# CONNECT where there is no proxy is a request like any other
{
    my $c = connection('main', timeout => 5);
    $c->send_raw("CONNECT x:80 HTTP/1.1\r\nHost: x\r\nX-Test-Id: connect-$$\r\nContent-Type: $form\r\nContent-Length: 5\r\nConnection: close\r\n\r\na=%zz");
    like($c->response('GET')->{status}, qr/^4/, 'CONNECT without a proxy: refused');
}

# our own handlers are not the application
is(get('/metrik?x=%zz')->{status}, 200, 'the metrics are not judged');

# a stream reaches the backend while it is still being sent
{
    my $c = connection('main', timeout => 8);
    rawd('segera', ['send', "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"], ['echo']);
    my $mark = 'PENANDA' x 3000;
    $c->send_raw("POST /raw/segera HTTP/1.1\r\nHost: x\r\nX-Test-Id: segera-$$\r\nContent-Type: application/grpc\r\nTransfer-Encoding: chunked\r\n\r\n" . sprintf("%x\r\n%s\r\n", length $mark, $mark));
    my $seen = wait_for(3, sub { my $n = () = slurp("$ENV{SPBE_W}/log/rawd.log") =~ /segera/g; $n });
    pass('a stream that is still open blocks nothing');
    $c->close;
}

# --- rewritten from an unguarded place to a guarded one ------------------------------------------

is(gema(post('/lama/server/gema.pl', 'a=1'))->{bytes}, 3, 'rewritten by the server: works');
is(gema(post('/lama/folder/gema.pl', form(90_000)))->{bytes}, 90_000, 'rewritten by the folder: works');
for my $where ('server', 'folder') {
    is(post("/lama/$where/gema.pl", 'a=%zz')->{status}, 400, "rewritten by the $where: the body is judged");
    is(post("/lama/$where/gema.pl", 'a=%zz', each => 3)->{status}, 400, '... in chunks');
    is(get("/lama/$where/gema.pl?a=%zz")->{status}, 400, '... the query too');
}
isnt(get('/lama/berkas.txt?a=%zz')->{status}, 400, 'an unguarded place stays unguarded');
SKIP: {
    skip 'PHP-FPM is not installed', 10 unless $ENV{SPBE_FPM};
    for my $case (['/jaga/', 'an unguarded folder'], ['/amati/', 'a folder in DetectOnly']) {
        my ($path, $from) = @$case;
        is(gema(post($path, form(90_000)))->{bytes}, 90_000, "DirectoryIndex from $from to a guarded file: works");
        is(post($path, 'a=%zz')->{status}, 400, '... is judged');
        is(get("$path?a=%zz")->{status}, 400, '... the query too');
        is(gema(post($path, form(90_000), each => 1000))->{bytes}, 90_000, '... in chunks');
        is(post($path, 'a=' . 'x' x 100_000 . '%zz')->{status}, 400, '... in a long body');
    }
}

# another module was quicker and keeps the body, as mod_request does
is(post('/cgi/gema.pl', 'a=%zz', headers => [['X-Test-Kept', 1]])->{status}, 400, 'a body that another module kept is judged');
is(post('/cgi/gema.pl', 'a=1', headers => [['X-Test-Kept', 1]])->{status}, 200, '... and passes when it is clean');
is(post('/cgi/gema.pl', form(2_000_000), headers => [['X-Test-Kept', 1]])->{status}, 413, '... unless it is too long');

# --- framing ---------------------------------------------------------------------------------------

for my $vhost (qw(main plain)) {
    my $c = connection($vhost, timeout => 5);
    $c->send_raw("POST /raw/gema HTTP/1.1\r\nHost: x\r\nX-Test-Id: dua-$vhost-$$\r\nContent-Type: $form\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\n\r\n");
    is($c->response('POST')->{status}, $vhost eq 'main' ? 400 : 200, "Content-Length and Transfer-Encoding, $vhost");
}
is(gema(post('/raw/gema', 'a=1', each => 2))->{bytes}, 3, 'Transfer-Encoding alone, with Connection: close');

# --- DetectOnly: the same bytes in, the same bytes out ------------------------------------------------

my %own = map { $_ => 1 } qw(x-test-id x-forwarded-host x-forwarded-for x-forwarded-server host via);
my (@differ, $n);
for my $path ('/raw/gema?x=1', '/cgi/gema.pl', '/aksi/x', $ENV{SPBE_FPM} ? ('/php-gema/gema.php', '/kerangka/izin', '/indeks/') : ()) {
    for my $case (
        ['form', form(20_000), $form], ['long form', form(1_200_000), $form], ['malformed', 'a=%zz&b=%00', $form], ['JSON', '{"a":1}', 'application/json'],
        ['no JSON', '{"a":', 'application/json'], ['file', $parts, $parts_type], ['octets', $octets, 'application/octet-stream'], ['no type', 'a=1', ''], ['empty', '', $form],
    ) {
        my ($name, $bytes, $type) = @$case;
        for my $each (0, 5000) {
            my ($seen, $plain) = map { post($path, $bytes, type => $type, each => $each, vhost => $_) } 'detect', 'plain';
            my @said = map { my $g = gema($_); delete @{ $g->{fields} }{ keys %own } if $g->{fields}; delete $g->{error}; join '|', map { ref $g->{$_} ? join(',', map { "$_=$g->{fields}{$_}" } sort keys %{ $g->{fields} }) : "$_=$g->{$_}" } sort keys %$g } $seen, $plain;
            $n++;
            push @differ, "$path, $name, $each: $seen->{status} $said[0] instead of $plain->{status} $said[1]" if $seen->{status} != $plain->{status} || $said[0] ne $said[1];
        }
    }
}
is(join("\n", @differ[0 .. ($#differ < 3 ? $#differ : 3)]), '', "DetectOnly: $n requests reach their handlers as without the guard");

my $seen = post('/raw/gema', 'a=%zz', vhost => 'detect');
is($seen->{status}, 200, 'DetectOnly: nothing is refused');
my $line = access_line($seen);
my $record = record_of($line->{ref} || $line->{log});
ok($record, 'DetectOnly: a malformed form is recorded') and is($record->{action}, 'logged', '... as only logged');
$seen = get('/raw/gema?a=%zz', vhost => 'detect');
$line = access_line($seen);
ok(record_of($line->{ref} || $line->{log}), 'DetectOnly: a malformed query is recorded');
# a body that nobody reads
$seen = post('/halaman/bersih.html', 'a=%zz', vhost => 'detect');
$line = access_line($seen);
ok(record_of($line->{ref} || $line->{log}), "DetectOnly: a form that the handler did not read is recorded (status $seen->{status})");

# --- the record of a failure shows the body that was read for the check ------------------------------

SKIP: {
    skip 'PHP-FPM is not installed', 1 unless $ENV{SPBE_FPM};
    my $r = post('/php-on/fatal.php', 'jenis_izin=reklame&nama=Budi');
    my $record = record_of($r->h('X-Request-Ref'));
    like(JSON::PP->new->canonical->encode($record->{input} || {}), qr/jenis_izin/, 'the triggering input of a failure');
}

done_testing;
