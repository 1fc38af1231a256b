# SPDX-License-Identifier: Apache-2.0
# What the guard must not touch: files, images, documents, event streams,
# upgrades; and clean pages, byte for byte with their headers, beside the same
# server without the guard.
use strict;
use warnings FATAL => 'all';
use Compress::Zlib ();
use MIME::Base64 ();
use SPBE::Test;
use Test::More;
use Time::HiRes qw(time);

my $dir = "$ENV{SPBE_ROOT}/htdocs/berkas";
mkdir $dir; # an empty folder is not in a clean checkout
my $png = MIME::Base64::decode_base64('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==');
my $trace = "Traceback (most recent call last):\n  File \"/srv/apps/python/a.py\", line 3, in x\n    y()\nValueError: contoh\n";
srand 11;
my $noise = join '', map { chr int rand 256 } 1 .. 200_000;

spew("$dir/gambar.png", $png . $noise);
spew("$dir/surat.pdf", "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n$trace\nendobj\n$noise\n%%EOF\n");
spew("$dir/arsip.zip", "PK\x03\x04$noise");
spew("$dir/besar.bin", $noise x 10);
spew("$dir/kosong.html", '');
spew("$dir/catatan.txt", "Catatan rilis\n$trace");
spew("$dir/panjang.html", '<p>isi</p>' x 50_000);

# --- the same request to both servers --------------------------------------------

my %volatile = map { $_ => 1 } qw(date x-request-ref keep-alive);

sub shape {
    my $r = shift;
    return join "\n", $r->{status}, $r->{reason}, sort map { lc $_->[0] . ': ' . $_->[1] } grep { !$volatile{ lc $_->[0] } } @{ $r->{headers} };
}

# A page that was held until it was known to be clean may leave in one piece
# with its length, where httpd without the guard has to send it in chunks.
sub as_framed {
    my ($guarded, $plain, $r) = @_;
    my $length = length $r->{body};
    $guarded =~ s/^content-length: $length$/transfer-encoding: chunked/m if $plain =~ /^transfer-encoding: chunked$/m;
    return join "\n", (split /\n/, $guarded)[0, 1], sort +(split /\n/, $guarded)[2 .. ($guarded =~ tr/\n//)];
}

my @untouched;

sub same {
    my ($name, $path, %o) = @_;
    my ($guarded, $plain) = (get($path, %o), get($path, %o, vhost => 'plain'));
    s/\b$ENV{SPBE_PORT}\b|\b$ENV{SPBE_PLAIN}\b/PORT/g for $guarded->{wire}, $plain->{wire};
    my ($a, $b) = map { my $s = shape($_); $s =~ s/\b$ENV{SPBE_PORT}\b|\b$ENV{SPBE_PLAIN}\b/PORT/g; $s } $guarded, $plain;
    is(as_framed($a, $b, $guarded), $b, "$name: status and headers");
    ok($guarded->{body} eq $plain->{body}, "$name: body, " . length($plain->{body}) . ' bytes');
    push @untouched, $guarded;
    return $guarded;
}

my @files = qw(gambar.png surat.pdf arsip.zip besar.bin kosong.html catatan.txt panjang.html);
for my $file (@files) {
    my $r = same("file $file", "/berkas/$file");
    ok($r->{body} eq slurp("$dir/$file"), "file $file: as on disk");
    like(access_line($r)->{buckets}, qr/\bFILE\b/, "file $file: a file bucket, sendfile can be used") if -s "$dir/$file";
}
same('file, range', '/berkas/besar.bin', headers => [['Range', 'bytes=1000-1999']]);
same('file, range of a text', '/berkas/panjang.html', headers => [['Range', 'bytes=-20']]);
same('file, HEAD', '/berkas/surat.pdf', method => 'HEAD');
same('file, OPTIONS', '/berkas/surat.pdf', method => 'OPTIONS');
same('file, deflated by httpd', '/g-deflate/halaman/manual.html', headers => [['Accept-Encoding', 'gzip']]);
same('page that talks about errors', '/halaman/manual.html');
same('SSI', '/ssi/utama.shtml');
same('redirect to a folder', '/halaman');

for my $path ('/php-on/index.php?n=1', '/php-off/index.php?n=2', '/php-text/index.php', '/php-on/notfound.php', '/php-on/redirect.php', '/cgi/ok.pl', '/node/ok') {
    next if $path =~ /^.php/ && !$ENV{SPBE_FPM} || $path =~ /^.node/ && !$ENV{SPBE_HAVE_NODE};
    # X-Powered-By is stripped, and that is all.
    my ($guarded, $plain) = (get($path), get($path, vhost => 'plain'));
    my ($a, $b) = (shape($guarded), shape($plain));
    $b =~ s/\nx-powered-by: [^\n]*//;
    is(as_framed($a, $b, $guarded), $b, "$path: status and headers, X-Powered-By apart");
    ok($guarded->{body} eq $plain->{body}, "$path: body");
    push @untouched, $guarded;
}
same('flask', '/py/flask/ok') if $ENV{SPBE_GUNICORN};
same('django', '/py/django/ok') if $ENV{SPBE_GUNICORN};
same('tomcat', '/tomcat/ok.jsp') if $ENV{SPBE_HAVE_TOMCAT};
same('uwsgi', '/uwsgi/flask/ok') if $ENV{SPBE_HAVE_UWSGI};

# --- from a backend, with every kind of body --------------------------------------

my $utf16 = "\xff\xfe" . join '', map { "$_\0" } split //, '<p>halaman</p>' x 100;
my @bodies = (
    ['gambar', 'image/png', $png . $noise],
    ['gambar dengan jejak', 'image/jpeg', "\xff\xd8\xff\xe0$noise$trace"],
    ['pdf', 'application/pdf', "%PDF-1.4\n$noise$trace"],
    ['zip', 'application/zip', "PK\x03\x04$noise$trace"],
    ['biner', 'application/octet-stream', "\0\1\2\3$noise"],
    ['video', 'video/mp4', "\0\0\0\x18ftypmp42$noise"],
    ['font', 'font/woff2', "wOF2\0\1\0\0$noise"],
    ['grpc', 'application/grpc', "\0\0\0\0\5halo!"],
    ['html', 'text/html; charset=utf-8', "<p>caf\xc3\xa9</p>" x 20_000],
    ['latin-1', 'text/html; charset=iso-8859-1', "<p>caf\xe9 \xa7 \xff</p>" x 1000],
    ['utf-16', 'text/html; charset=utf-16', $utf16],
    ['json', 'application/json', '{"a":[' . join(',', 1 .. 20_000) . ']}'],
    ['javascript', 'application/javascript', "try{a()}catch(e){console.error('Error: '+e.stack)}\n" x 500],
    ['css', 'text/css', ".error{color:red}.exception{}\n" x 500],
    ['tanpa tipe', '', "halo\n" x 100],
    ['nul', 'text/plain', "a\0b\0c" x 100],
    ['kosong', 'text/html', ''],
    ['gzip rusak', 'text/html', "\x1f\x8b\x08bukan gzip sungguhan", 'Content-Encoding: gzip'],
    ['zstd', 'text/html', "\x28\xb5\x2f\xfd$noise", 'Content-Encoding: zstd'],
    ['gzip', 'text/html', Compress::Zlib::memGzip('<p>halaman</p>' x 5000), 'Content-Encoding: gzip'],
    ['header', 'text/html', '<p>x</p>', 'ETag: "a"', 'Last-Modified: Tue, 01 Jul 2025 00:00:00 GMT', 'Accept-Ranges: bytes', 'Cache-Control: max-age=3', 'Set-Cookie: a=1', 'Set-Cookie: b=2',
        'Digest: sha-256=abc', 'Content-Language: id', 'Vary: Cookie', 'Link: </a>; rel=next', 'X-Frame-Options: DENY', 'Server-Timing: app;dur=3', 'Content-Security-Policy: default-src *'],
);
my $n = 0;
for my $case (@bodies) {
    my ($name, $type, $body, @headers) = @$case;
    my $script = rawd('utuh-' . ++$n, ['send64', b64(http_raw('200 OK', $type, $body, @headers))]);
    my $r = same("backend: $name", "/raw/$script");
    ok($r->{body} eq $body, "backend: $name: as sent");
    my $chunked = rawd("utuh-c$n", ['send', "HTTP/1.1 200 OK\r\n" . ($type ? "Content-Type: $type\r\n" : '') . join('', map { "$_\r\n" } @headers) . "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"],
        length $body ? ['send64', b64(sprintf("%x\r\n", length $body) . "$body\r\n")] : (), ['send', "0\r\n\r\n"]);
    $r = same("backend, chunked: $name", "/raw/$chunked");
    ok($r->{body} eq $body && $r->{complete}, "backend, chunked: $name: as sent");
}

# --- streams: no delay -----------------------------------------------------------

sub arrivals {
    my ($path, $pattern, %o) = @_;
    my $start = time;
    my $c = connection($o{vhost}, timeout => 10);
    $c->send_raw("GET $path HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Test-Id: stream-$$-" . ++$n . "\r\nAccept: text/event-stream\r\nConnection: close\r\n\r\n");
    my (@at, $wire);
    while (time - $start < 8) {
        my $got = sysread $c->{sock}, my $bytes, 65536;
        last unless $got;
        $wire .= $bytes;
        push @at, time - $start while @at < (() = $wire =~ /$pattern/g);
    }
    return ($wire, @at);
}

my $sse = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nConnection: close\r\n\r\n";
rawd('acara', ['send', $sse], map({ (['send', "data: $_\n\n"], ['sleep', 300]) } 1 .. 4));
my ($wire, @at) = arrivals('/raw/acara', qr/data: \d/);
is(scalar @at, 4, 'event stream: four events');
cmp_ok($at[0], '<', 0.25, 'event stream: the first at once');
cmp_ok($at[3] - $at[0], '>', 0.7, 'event stream: the others when they are sent');
cmp_ok($at[$_] - $at[0] - 0.3 * $_, '<', 0.25, "event stream: event $_ without delay") for 1 .. 3;
if ($ENV{SPBE_HAVE_NODE}) {
    ($wire, @at) = arrivals('/node/acara', qr/data: \d/);
    is(scalar @at, 5, 'Express event stream: five events');
    cmp_ok($at[4] - $at[0], '>', 0.6, 'Express event stream: not held back');
}

# A page that is sent slowly by a handler that flushes: seen soon, though searched.
rawd('pelan', ['send', "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"], map({ (['send', "<p>baris $_</p>\n"], ['sleep', 500]) } 1 .. 6));
($wire, @at) = arrivals('/raw/pelan', qr/baris \d/);
is(scalar @at, 6, 'slow page: all of it');
cmp_ok($at[0], '<', 1.9, 'slow page: the first line about when the hold ends (1 s)');
cmp_ok($at[5] - $at[3], '>', 0.6, 'slow page: later lines as they come');
($wire, @at) = arrivals('/g-hold1k/raw/pelan', qr/baris \d/);
cmp_ok($at[0], '<', 0.9, 'slow page, SpbeGuardHold 1K 100: sooner');
($wire, @at) = arrivals('/g-hold256k/raw/pelan', qr/baris \d/);
cmp_ok($at[0], '>', 2, 'slow page, SpbeGuardHold 256K 5000: later');

# --- upgrades -----------------------------------------------------------------------

rawd('soket', ['send', "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"], ['echo']);
for my $vhost (qw(main plain)) {
    my $c = connection($vhost, timeout => 5);
    $c->send_raw("GET /ws/soket HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Test-Id: ws-$vhost-$$\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    my $r = $c->response('GET');
    is($r->{status}, 101, "WebSocket, $vhost: switched");
    my $start = time;
    $c->send_raw("\x81\x05halo!Traceback (most recent call last):\n");
    my $want = "\x81\x05halo!Traceback (most recent call last):\n";
    my $got = $c->{buf};
    while (length $got < length $want) { sysread($c->{sock}, my $b, 4096) or last; $got .= $b }
    is($got, $want, "WebSocket, $vhost: echoed untouched");
    cmp_ok(time - $start, '<', 0.5, "WebSocket, $vhost: at once");
    $c->close;
}

# CONNECT through a forward proxy: a tunnel, whatever runs in it.
my $proxy = own_server('connect', <<"CONF");
SpbeGuardLog $ENV{SPBE_ROOT}/own-connect/log
SpbeGuardEngine On
ProxyRequests On
AllowCONNECT $ENV{SPBE_RAWD}
CONF
ok($proxy->{pid}, 'CONNECT: a forward proxy') or diag $proxy->{output};
if ($proxy->{pid}) {
    rawd('terowong', ['send', "HTTP/1.1 500 Galat\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n$trace"]);
    my $c = SPBE::Client->new(port => $proxy->{port}, timeout => 5);
    $c->send_raw("CONNECT 127.0.0.1:$ENV{SPBE_RAWD} HTTP/1.1\r\nHost: 127.0.0.1:$ENV{SPBE_RAWD}\r\n\r\n");
    my $got = '';
    while ($got !~ /\r\n\r\n/) { sysread($c->{sock}, my $b, 4096) or last; $got .= $b }
    like($got, qr{^HTTP/1\.\d 200}, 'CONNECT: established');
    $c->send_raw("GET /terowong HTTP/1.1\r\nHost: x\r\n\r\n");
    while (sysread $c->{sock}, my $b, 4096) { $got .= $b; last if $got =~ /contoh\n/ }
    like($got, qr/500 Galat.*ValueError: contoh/s, 'CONNECT: what runs in the tunnel is not looked at');
    $c->close;
}

# A large download: memory of the server does not grow with it, nothing is held.
rawd('unduh', ['send', "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 30000000\r\nConnection: close\r\n\r\n\0\1\2\3"], ['fill', "\x80", 29_999_996]);
my $r = get('/raw/unduh', timeout => 20);
ok($r->{complete} && length $r->{body} == 30_000_000, 'a download of 30 MB, whole');
rawd('ekspor', ['send', "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 20000000\r\nConnection: close\r\n\r\n"], ['fill', 'x', 20_000_000]);
$r = get('/raw/ekspor', timeout => 20);
ok($r->{complete} && length $r->{body} == 20_000_000, 'a text of 20 MB, whole');

no_records('untouched', @untouched);
done_testing;
