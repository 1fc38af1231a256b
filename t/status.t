# SPDX-License-Identifier: Apache-2.0
# Statuses and methods: HEAD, Range, 304, 204, redirects, the error set and its
# directives, maintenance.
use strict;
use warnings FATAL => 'all';
use SPBE::Test;
use Test::More;

my @fpm = (need => ['SPBE_FPM', 'PHP-FPM']);
my $fatal = "<b>Fatal error</b>:  Uncaught RuntimeException: KANARI-BOCOR in /srv/apps/php/a.php:3\nStack trace:\n#0 {main}\n  thrown in <b>/srv/apps/php/a.php</b> on line <b>3</b><br />\n";
my $big = 'z' x 5000 . $fatal;

rawd('head500', ['send64', b64("HTTP/1.1 500 Galat\r\nContent-Type: text/html\r\nContent-Length: " . length($big) . "\r\nETag: \"jejak\"\r\nConnection: close\r\n\r\n")]);
rawd('head200', ['send64', b64("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1234\r\nConnection: close\r\n\r\n")]);
rawd('s204', ['send64', b64("HTTP/1.1 204 No Content\r\nX-Powered-By: KANARI-BOCOR\r\nX-Lain: ya\r\nConnection: close\r\n\r\n")]);
rawd('s304', ['send64', b64("HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\nCache-Control: max-age=60\r\nConnection: close\r\n\r\n")]);
rawd('s206', ['send64', b64(http_raw('206 Partial Content', 'text/html', 'potongan', 'Content-Range: bytes 10-17/100'))]);
rawd('s206leak', ['send64', b64(http_raw('206 Partial Content', 'text/html', $fatal, 'Content-Range: bytes 10-' . (9 + length $fatal) . '/9999'))]);
rawd('ranges', ['send64', b64(http_raw('200 OK', 'text/html', $big, 'Accept-Ranges: bytes', 'ETag: "x"'))]);
rawd('s301leak', ['send64', b64(http_raw('301 Moved Permanently', 'text/html', $fatal, 'Location: http://127.0.0.1/halaman/bersih.html'))]);
rawd('s302', ['send64', b64(http_raw('302 Found', 'text/html', '<p>pindah</p>', 'Location: http://127.0.0.1/halaman/bersih.html'))]);
rawd('s401', ['send64', b64(http_raw('401 Unauthorized', 'text/html', $fatal, 'WWW-Authenticate: Basic realm="Kota"'))]);
rawd('s405', ['send64', b64(http_raw('405 Method Not Allowed', 'text/html', $fatal, 'Allow: GET, HEAD'))]);
rawd('s503', ['send64', b64(http_raw('503 Service Unavailable', 'text/html', '<p>PEMELIHARAAN sampai pukul 15</p>', 'Retry-After: 3600'))]);
rawd('s503leak', ['send64', b64(http_raw('503 Service Unavailable', 'text/html', "<p>PEMELIHARAAN</p>$fatal", 'Retry-After: 3600'))]);
rawd('s503bare', ['send64', b64(http_raw('503 Service Unavailable', 'text/html', '<p>PEMELIHARAAN</p>'))]);
rawd('s500reason', ['send64', b64(http_raw('500 KANARI-BOCOR RuntimeException in /srv/apps/php/a.php', 'text/html', 'x'))]);
rawd('s599', ['send64', b64(http_raw('599 Sendiri', 'text/plain', 'KANARI-BOCOR'))]);
rawd('s500empty', ['send64', b64(http_raw('500 Galat', 'text/html', ''))]);
rawd('s502body', ['send64', b64(http_raw('502 Bad Gateway', 'text/html', '<center>nginx/1.22.1</center>'))]);
rawd('s404plain', ['send64', b64(http_raw('404 Not Found', 'text/html', '<p>HALAMAN-APLIKASI tidak ada</p>'))]);
rawd('s501', ['send64', b64(http_raw('501 Not Implemented', 'text/plain', 'KANARI-BOCOR'))]);
rawd('cont', ['send', "HTTP/1.1 100 Continue\r\n\r\n"], ['body'], ['send64', b64(http_raw('500 Galat', 'text/html', $fatal))]);
rawd('early', ['send64', b64("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n" . http_raw('200 OK', 'text/html', 'isi'))]);

rows(
    # HEAD: no body, and no length of the trace
    { name => 'HEAD of a 500', path => '/raw/head500', get => { method => 'HEAD' }, status => 500, page => 1,
      also => sub { isnt($_[0]->h('Content-Length') // '', length $big, "$_[1]: not the length of the trace"); is($_[0]{body}, '', "$_[1]: no body") },
      record => { status_in => 500, method => 'HEAD' } },
    { name => 'HEAD of a 200', path => '/raw/head200', get => { method => 'HEAD' }, status => 200, page => 0, header => { 'Content-Length' => 1234 } },
    { name => 'HEAD of a PHP failure', path => '/php-off/own500.php', get => { method => 'HEAD' }, status => 500, page => 1, @fpm, record => { status_in => 500 } },
    { name => 'HEAD of a 404', path => '/tidak/ada', get => { method => 'HEAD' }, status => 404, page => 1 },

    # bodies that are not there
    { name => '204', path => '/raw/s204', status => 204, page => 0, header => { 'X-Powered-By' => undef, 'X-Lain' => 'ya', 'Content-Length' => undef } },
    { name => '304', path => '/raw/s304', status => 304, page => 0, header => { ETag => '"v1"', 'Cache-Control' => 'max-age=60' } },
    { name => '304 of a file', path => '/halaman/bersih.html', get => { headers => [['If-None-Match', '*']] }, status => 304, page => 0, header => { ETag => qr/"/ } },
    { name => 'empty 500', path => '/raw/s500empty', status => 500, page => 1, record => { status_in => 500 } },

    # ranges
    { name => '206 of the backend', path => '/raw/s206', status => 206, page => 0, has => ['potongan'], header => { 'Content-Range' => 'bytes 10-17/100' } },
    { name => '206 with a trace', path => '/raw/s206leak', status => 500, page => 1, header => { 'Content-Range' => undef }, record => { status_in => 206 } },
    { name => 'Range over a page with a trace', path => '/raw/ranges', get => { headers => [['Range', 'bytes=4990-5400']] }, status => 500, page => 1, header => { 'Content-Range' => undef } },
    { name => 'Range over a file', path => '/halaman/bersih.html', get => { headers => [['Range', 'bytes=0-14']] }, status => 206, page => 0, has => ['<!DOCTYPE html>'] },
    { name => 'Range not satisfiable', path => '/halaman/bersih.html', get => { headers => [['Range', 'bytes=999999-']] }, status => 416 },

    # redirects
    { name => 'redirect of the application', path => '/raw/s302', status => 302, page => 0, has => ['<p>pindah</p>'], header => { Location => qr{/halaman/bersih\.html$} } },
    { name => 'redirect of httpd', path => '/pindah', status => 302, header => { Location => qr{/halaman/bersih\.html$}, 'X-Request-Ref' => undef } },
    { name => 'redirect with a trace', path => '/raw/s301leak', status => 301, page => 1, header => { Location => qr{/halaman/bersih\.html$} }, record => { status_in => 301 } },

    # what survives beside our page
    { name => '401 with a trace', path => '/raw/s401', status => 401, page => 1, header => { 'WWW-Authenticate' => 'Basic realm="Kota"' }, record => { status_in => 401 } },
    { name => '405 with a trace', path => '/raw/s405', status => 405, page => 1, header => { Allow => 'GET, HEAD' } },
    { name => 'reason phrase that tells', path => '/raw/s500reason', status => 500, page => 1, also => sub { is($_[0]{reason}, 'Internal Server Error', "$_[1]: reason") } },

    # maintenance
    { name => '503 with Retry-After', path => '/raw/s503', status => 503, page => 0, has => ['PEMELIHARAAN sampai pukul 15'], header => { 'Retry-After' => 3600 }, record => { severity => 'notice', action => 'passed', status_in => 503 } },
    { name => '503 with Retry-After and a trace', path => '/raw/s503leak', status => 503, page => 1, header => { 'Retry-After' => 3600 }, record => { action => 'replaced' } },
    { name => '503 without', path => '/raw/s503bare', status => 503, page => 1, hasnt => ['PEMELIHARAAN'] },

    # keep-clean
    { name => 'keep-clean, clean', path => '/g-keep/php-off/clean500.php', status => 500, page => 0, has => ['KANARI-BERSIH'], header => { 'Content-Type' => qr{^application/json} }, @fpm,
      record => { status_in => 500, status_out => 500, action => 'passed' } },
    { name => 'replace is the default', path => '/php-off/clean500.php', status => 500, page => 1, hasnt => ['KANARI-BERSIH'], @fpm },
    { name => 'keep-clean, trace', path => '/g-keep/php-off/own500.php', status => 500, page => 1, @fpm, record => { action => 'replaced' } },
    { name => 'keep-clean, httpd itself', path => '/g-keep/status?500', status => 500, page => 1, hasnt => ['Internal Server Error</h1>'] },
    { name => 'keep-clean, warning in the error', path => '/g-keep/php-on/status.php?s=500&t=1', status => 500, page => 1, @fpm },

    # SpbeGuardErrorStatus
    { name => 'outside the set', path => '/g-status/php-off/clean500.php', status => 500, page => 0, has => ['KANARI-BERSIH'], @fpm },
    { name => 'outside the set, trace', path => '/g-status/php-off/own500.php', status => 500, page => 1, @fpm, record => { status_in => 500 } },
    { name => 'set has 502', path => '/g-status/raw/s502body', status => 502, page => 1, hasnt => ['nginx'] },
    { name => 'set has 404', path => '/g-status/raw/s404plain', status => 404, page => 1, hasnt => ['HALAMAN-APLIKASI'] },
    { name => '404 is not in the default set', path => '/raw/s404plain', status => 404, page => 0, has => ['HALAMAN-APLIKASI'] },
    { name => 'none', path => '/g-nostatus/raw/s501', status => 501, page => 0, leaks => 1, has => ['KANARI-BOCOR'] },
    { name => '501', path => '/raw/s501', status => 501, page => 1 },
    { name => '599', path => '/raw/s599', status => 599, page => 1, record => { status_in => 599, status_out => 599 } },

    # interim responses
    { name => '100 Continue', path => '/raw/cont', get => { body => 'a=1', headers => [['Expect', '100-continue']] }, status => 500, page => 1, also => sub { ok((grep { $_ == 100 } @{ $_[0]{interim} }), "$_[1]: 100 came") } },
    { name => '103 Early Hints', path => '/raw/early', status => 200, page => 0, has => ['isi'] },
);

done_testing;
