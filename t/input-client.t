# SPDX-License-Identifier: Apache-2.0
# The script for browsers: who gets it, what is in it, and that nothing else in
# a page changes. What it does in a browser: tests/browser.
use strict;
use warnings FATAL => 'all';
use IO::Uncompress::Gunzip qw(gunzip);
use JSON::PP ();
use SPBE::Test;
use Test::More;

my $dir = "$ENV{SPBE_ROOT}/own-klien";
mkdir $_ for $dir, "$dir/www", map { "$dir/www/$_" } qw(diamati mati polos lain rahasia php tetap);
mkdir "$dir/home", 0700;
my $html = "<!DOCTYPE html>\n<html lang=\"id\"><title>Uji</title><form method=\"post\"><input name=\"nik\"></form></html>\n";
my %files = (
    'a.html' => $html, 'komentar.html' => "\xef\xbb\xbf <!-- satu --> <!-- dua -->\n$html", 'pendek.html' => '<html>',
    'potongan.html' => "<p>Potongan</p>\n", 'kosong.html' => '', 'komentar-buka.html' => "<!-- tanpa akhir $html",
    'besar.html' => $html . 'x' x 300_000, 'teks.txt' => $html, 'a.xhtml' => $html,
    'bagian.shtml' => "<!DOCTYPE html><html><!--#include virtual=\"/potongan.html\" --><!--#include virtual=\"/a.html\" --></html>",
    map { ("$_/a.html" => $html) } qw(diamati mati polos lain rahasia tetap),
);
spew("$dir/www/$_", $files{$_}) for keys %files;
spew("$dir/www/php/a.php", <<'PHP');
<?php
$cara = $_GET['cara'] ?? '';
if ($cara === 'csp') header('Content-Security-Policy: ' . $_GET['csp']);
if ($cara === 'csp2') { header("Content-Security-Policy: default-src 'self'"); header("Content-Security-Policy: script-src 'none'", false); }
if ($cara === 'status') http_response_code((int) $_GET['s']);
if ($cara === 'tipe') header('Content-Type: ' . $_GET['t']);
if ($cara === 'gzip') { header('Content-Encoding: gzip'); echo gzencode('<!DOCTYPE html><html></html>'); exit; }
if ($cara === 'pindah') { header('Location: /a.html'); }
if ($cara === 'panjang') header('Content-Length: 28');
if ($cara === 'galat') throw new Exception('KANARI-BOCOR');
if ($cara === 'sandi') { header('Content-Type: text/plain'); echo $_SERVER['HTTP_ACCEPT_ENCODING'] ?? 'tidak ada'; exit; }
if ($cara === 'siram') { flush(); usleep(150000); }
echo '<!DOCTYPE html><html></html>';
if ($cara === 'siram') { flush(); usleep(150000); echo '<!-- sisa -->'; }
PHP
spew("$dir/kebijakan.json", '{"openapi":"3.1.0","info":{"title":"a","version":"1"},"paths":{"/php/a.php":{"get":{},"post":{"requestBody":{"content":{"application/x-www-form-urlencoded":{"schema":{"type":"object","properties":{"nama":{"type":"string","format":"nama","x-spbe-label":"<\/script><b>"}}}}}}}}}}');
rawd('klien-html', ['send', http_raw('200 OK', 'text/html', $html, 'ETag: "abc"', 'Accept-Ranges: bytes')]);
rawd('klien-lambat', ['send', "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " . length($html) . "\r\nConnection: close\r\n\r\n"], ['sleep', 400], ['send', $html]);
rawd('klien-potong', ['send', http_raw('206 Partial Content', 'text/html', $html, 'Content-Range: bytes 0-1/2')]);

my $log = "|$ENV{SPBE_W}/lib/spbe-guardlog --home $dir/home";
my $fpm = $ENV{SPBE_FPM} ? "<Location /php>\nSetHandler \"proxy:unix:$ENV{SPBE_W}/run/on.sock|fcgi://klien\"\nSpbeGuardPolicy $dir/kebijakan.json\n</Location>" : '';
my $server = own_server('klien', <<"CONF");
SpbeGuardLog "$log"
SpbeGuardEngine On
SpbeGuardClientScript On
SpbeGuardParam nik nik required "label=Nomor </script> induk"
DocumentRoot $dir/www
<IfModule mod_http2.c>
    Protocols h2c http/1.1
</IfModule>
<Directory $dir/www>
    Require all granted
    Options +IncludesNOEXEC
</Directory>
AddOutputFilterByType DEFLATE text/html
AddType application/xhtml+xml .xhtml
AddOutputFilter INCLUDES .shtml
AddType text/html .shtml
<Location /spbe-guard-client>
    SetHandler spbe-guard-client
</Location>
<Location /bantuan/skrip>
    SetHandler spbe-guard-client
</Location>
<Location /diamati>
    SpbeGuardEngine DetectOnly
</Location>
<Location /mati>
    SpbeGuardClientScript Off
</Location>
<Location /polos>
    SpbeGuardParam none
</Location>
<Location /lain>
    SpbeGuardClientScript On /bantuan/skrip
</Location>
<Location /rahasia>
    Require all denied
</Location>
<Location /tetap>
    SetOutputFilter DEFLATE
</Location>
$fpm
ProxyPass /raw/ http://127.0.0.1:$ENV{SPBE_RAWD}/
CONF
ok($server, 'httpd of its own') or do { diag(slurp("$dir/error_log")); done_testing; exit };
my $vhost = 'SPBE_OWN_klien';

sub element {
    my ($path, $nonce, $url) = @_;
    return '<script src="' . ($url || '/spbe-guard-client') . "?path=$path\" defer" . ($nonce ? " nonce=\"$nonce\"" : '') . "></script>\n";
}

# [label, path, request headers, body without the script, what is added]
my @rows = (
    ['static', '/a.html', [], $html, element('/a.html')],
    ['BOM and comments', '/komentar.html', [], $files{'komentar.html'}, element('/komentar.html')],
    ['a short one', '/pendek.html', [], '<html>', element('/pendek.html')],
    ['a long one', '/besar.html', [], $files{'besar.html'}, element('/besar.html')],
    ['fragment', '/potongan.html', [], "<p>Potongan</p>\n", ''],
    ['empty', '/kosong.html', [], '', ''],
    ['a comment without an end', '/komentar-buka.html', [], $files{'komentar-buka.html'}, ''],
    ['not HTML', '/teks.txt', [], $html, ''],
    ['XHTML', '/a.xhtml', [], $html, ''],
    ['a page of parts has it once', '/bagian.shtml', [], "<!DOCTYPE html><html><p>Potongan</p>\n$html</html>", element('/bagian.shtml')],
    ['DetectOnly', '/diamati/a.html', [], $html, ''],
    ['Off', '/mati/a.html', [], $html, ''],
    ['no rules', '/polos/a.html', [], $html, ''],
    ['another address', '/lain/a.html', [], $html, element('/lain/a.html', '', '/bantuan/skrip')],
    ['for a script of the page', '/a.html', [['Sec-Fetch-Dest', 'empty']], $html, ''],
    ['for XMLHttpRequest', '/a.html', [['X-Requested-With', 'XMLHttpRequest']], $html, ''],
    ['for a browser', '/a.html', [['Sec-Fetch-Dest', 'document']], $html, element('/a.html')],
    ['for a frame', '/a.html', [['Sec-Fetch-Dest', 'iframe']], $html, element('/a.html')],
    ['a path of odd characters', '/a.html/%22%3E%3Cscript%3E?%22=1', [], undef, ''],
    ['a part of it', '/a.html', [['Range', 'bytes=0-14']], '<!DOCTYPE html>', ''],
    ['proxied', '/raw/klien-html', [], $html, element('/raw/klien-html')],
    ['proxied, headers first', '/raw/klien-lambat', [], $html, element('/raw/klien-lambat')],
    ['proxied, partial', '/raw/klien-potong', [], $html, ''],
);
my $doc = '<!DOCTYPE html><html></html>';
my $php = element('/php/a.php');
push @rows, (
    ['PHP', '/php/a.php', [], $doc, $php],
    ['PHP with a query', '/php/a.php?x=<script>&y=%22', [], $doc, $php],
    ['PHP with a length', '/php/a.php?cara=panjang', [], $doc, $php],
    ['PHP that flushes', '/php/a.php?cara=siram', [], "$doc<!-- sisa -->", $php],
    ['PHP that packs', '/php/a.php?cara=gzip', [], undef, ''],
    ['a form that the application refuses', '/php/a.php?cara=status&s=422', [], $doc, $php],
    ['a redirect', '/php/a.php?cara=pindah', [], $doc, ''],
    ['UTF-16', '/php/a.php?cara=tipe&t=text/html;charset=utf-16', [], $doc, ''],
    ['CSP self', "/php/a.php?cara=csp&csp=script-src+'self'", [], $doc, $php],
    ['CSP nonce', "/php/a.php?cara=csp&csp=script-src+'nonce-ab/1%3D'+'strict-dynamic'", [], $doc, element('/php/a.php', 'ab/1=')],
    ['CSP with an odd nonce', "/php/a.php?cara=csp&csp=script-src+'nonce-a%22b'", [], $doc, ''],
    ['CSP none', "/php/a.php?cara=csp&csp=script-src+'none'", [], $doc, ''],
    ['CSP of another host', '/php/a.php?cara=csp&csp=script-src+https://contoh.example', [], $doc, ''],
    ['two CSPs', '/php/a.php?cara=csp2', [], $doc, ''],
) if $ENV{SPBE_FPM};

my $pages = 0;
for my $row (@rows) {
    my ($label, $path, $headers, $body, $more) = @$row;
    my $r = get($path, vhost => $vhost, headers => $headers);
    is($r->{body}, $body . $more, "$label: body") if defined $body;
    unlike($r->{body}, qr/spbe-guard-client/, "$label: no script") unless $more;
    is($r->h('Content-Length'), length $r->{body}, "$label: length") if defined $r->h('Content-Length');
    ok($r->{complete}, "$label: complete");
    $pages++ if $more || $label eq 'a part of it'; # the whole was made for it
}

# Headers of the entity.
my $r = get('/raw/klien-html', vhost => $vhost);
is($r->h('ETag'), 'W/"abc"', 'a strong ETag becomes a weak one');
is($r->h('Accept-Ranges'), undef, 'no ranges');
$pages++;
my $again = get('/a.html', vhost => $vhost);
$pages++;
is(get('/a.html', vhost => $vhost, headers => [['If-None-Match', $again->h('ETag')]])->{status}, 304, 'not changed');
is(get('/mati/a.html', vhost => $vhost)->h('ETag') =~ /^W/ ? 1 : 0, 0, 'where nothing is added the ETag is the same');

# HEAD tells what GET tells, or nothing.
for my $path ('/a.html', '/mati/a.html', $ENV{SPBE_FPM} ? '/php/a.php?cara=panjang' : ()) {
    my ($head, $whole) = map { get($path, vhost => $vhost, method => $_) } qw(HEAD GET);
    $pages++ if $path !~ /mati/;
    is($head->{status}, 200, "HEAD $path");
    is($head->h('Content-Length') // 'none', $path =~ /php/ ? 'none' : $whole->h('Content-Length'), "HEAD $path: length");
    is($head->h('ETag') // '', $whole->h('ETag') // '', "HEAD $path: ETag");
}

# Compression stays httpd's, and the application's where it is left alone.
for my $path ('/a.html', '/tetap/a.html') {
    my $r = get($path, vhost => $vhost, headers => [['Accept-Encoding', 'gzip']]);
    $pages++;
    is($r->h('Content-Encoding'), 'gzip', "$path: packed");
    gunzip(\$r->{body} => \my $text);
    is($text, $html . element($path), "$path: with the script in it");
}
SKIP: {
    skip 'PHP-FPM is not installed', 6 unless $ENV{SPBE_FPM};
    is(get('/php/a.php?cara=sandi', vhost => $vhost, headers => [['Accept-Encoding', 'gzip']])->{body}, 'tidak ada', 'the application does not pack what would be added to');
    is(get('/php/a.php?cara=sandi', vhost => $vhost, headers => [['Accept-Encoding', 'gzip'], ['Sec-Fetch-Dest', 'empty']])->{body}, 'gzip', 'but may where nothing is');
    my $failed = get('/php/a.php?cara=galat', vhost => $vhost, headers => [['Accept-Encoding', 'gzip']]);
    is($failed->{status}, 500, 'our own page for a failure');
    unlike($failed->{body}, qr/spbe-guard-client/, 'has no script');
    my $refused = get('/php/a.php', vhost => $vhost, body => 'nama=%3C%3E&nik=1');
    is($refused->{status}, 422, 'our own page for a refusal');
    unlike($refused->{body}, qr/spbe-guard-client/, 'has no script');
}
for my $path ('/tidak-ada.html', '/rahasia/a.html') {
    unlike(get($path, vhost => $vhost)->{body}, qr/spbe-guard-client/, "$path: httpd's own page");
}
my $posted = get('/raw/klien-html', vhost => $vhost, body => 'nik=2171994508909999');
is($posted->{body}, $html . element('/raw/klien-html'), 'the answer to a form');
$pages++;

# HTTP/2
SKIP: {
    skip 'no HTTP/2 here', 1 if $ENV{SPBE_MPM} eq 'prefork' || `curl --version 2>/dev/null` !~ /\bHTTP2\b/;
    is(`curl -s --http2-prior-knowledge --max-time 15 http://127.0.0.1:$server->{port}/a.html`, $html . element('/a.html'), 'HTTP/2');
    $pages++;
}

# The script itself.
sub script { my ($query, %o) = @_; return get("/spbe-guard-client$query", vhost => $vhost, %o) }
sub rules {
    my $r = script(@_);
    my ($json) = $r->{body} =~ /\nspbeGuardClient\.start\((\{.*\}),\n\{"id":\{"expect"/ or return undef;
    return JSON::PP->new->utf8->decode($json);
}
my $answer = script('?path=/a.html');
is($answer->{status}, 200, 'script');
is($answer->h($_->[0]), $_->[1], "script: $_->[0]") for ['Content-Type', 'text/javascript; charset=utf-8'], ['X-Content-Type-Options', 'nosniff'],
    ['Cache-Control', 'private, max-age=300'], ['Cross-Origin-Resource-Policy', 'same-origin'], ['Content-Length', length $answer->{body}];
is(script('?path=/a.html', headers => [['If-None-Match', $answer->h('ETag')]])->{status}, 304, 'script: not changed');
is(script('?path=/a.html', method => 'HEAD')->h('Content-Length'), length $answer->{body}, 'script: HEAD');
is(script('?path=/a.html', method => 'POST', body => 'nik=2171994508909999')->{status}, 405, 'script: POST');
is(script($_)->{status}, 404, "script: '$_'") for '', '?path=', '?path=a.html', '?path=%00', '?path=/a%00', '?path=/a.html%3fx', '?p=/a.html', '?path=/' . 'a' x 3000;
my $lines = rules('?path=/a.html');
is(scalar @{ $lines->{forms} }, 1, 'rules: SpbeGuardParam lines');
is_deeply([@{ $lines->{forms}[0] }{qw(action method)}], ['*', '*'], 'rules: for every form');
is($lines->{forms}[0]{fields}[0]{name}, 'nik', 'rules: field');
is($lines->{forms}[0]{fields}[0]{label}{id}, 'Nomor </script> induk', 'rules: a label is text');
is_deeply(rules("?path=$_")->{forms}, [], "rules: none for $_") for '/polos/a.html', '/diamati/a.html', '/rahasia/a.html';
is(rules('?path=/tidak/ada.html')->{forms}[0]{fields}[0]{name}, 'nik', 'rules: of a page that is not there');
SKIP: {
    skip 'PHP-FPM is not installed', 2 unless $ENV{SPBE_FPM};
    my @forms = @{ rules('?path=/php/a.php')->{forms} };
    is_deeply([map { "$_->{method} $_->{action}" } @forms], ['POST /php/a.php', '* *'], 'rules: policy and lines');
    like(script('?path=/php/a.php')->{body}, qr/"nama":"Harus berupa nama/, 'words of the formats in use');
}
unlike($answer->{body}, qr/"plat_nomor"/, 'and of no others');

# Counted: pages with the script, by route.
kill TERM => $server->{pid};
wait_for(8, sub { !kill 0, $server->{pid} });
my $tally = wait_for(8, sub {
    my $text = `'$ENV{SPBE_W}/lib/spbe-guardctl' --home '$dir/home' tally --json 2>/dev/null`;
    my $n = 0;
    $n += $_->{client_pages} // 0 for record_json($text);
    return $n == $pages ? $text : undef;
});
ok($tally, "tally: $pages pages with the script") or diag(`'$ENV{SPBE_W}/lib/spbe-guardctl' --home '$dir/home' tally --json 2>&1`);

done_testing;
