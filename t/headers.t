# SPDX-License-Identifier: Apache-2.0
# Headers of the response that tell, headers that survive beside our page, and
# headers of the request that only the guard may set.
use strict;
use warnings FATAL => 'all';
use SPBE::Test;
use Test::More;

my @fpm = (need => ['SPBE_FPM', 'PHP-FPM']);
my $page = '<p>HALAMAN-APLIKASI</p>';

rawd('telling', ['send64', b64(http_raw('200 OK', 'text/html', $page, 'X-Powered-By: Express', 'X-AspNet-Version: 4.0.30319', 'X-AspNetMvc-Version: 5.2', 'X-Debug-Token: abc',
    'X-Debug-Token-Link: http://127.0.0.1/_profiler/abc', 'X-Generator: Drupal 10', 'X-Runtime: 0.02', 'X-Lain: tetap', 'X-Rangka: Kota'))]);
rawd('value', ['send64', b64(http_raw('200 OK', 'text/html', $page,
    'X-Pesan: PHP Fatal error:  Uncaught RuntimeException: KANARI-BOCOR in /srv/apps/php/a.php:3 Stack trace: #0 {main} thrown in /srv/apps/php/a.php on line 3', 'X-Lain: tetap'))]);
rawd('image', ['send64', b64(http_raw('200 OK', 'image/png', "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 'X-Powered-By: KANARI-BOCOR'))]);

rows(
    { name => 'stripped from a clean page', path => '/raw/telling', status => 200, page => 0, has => [$page],
      header => { 'X-Powered-By' => undef, 'X-AspNet-Version' => undef, 'X-AspNetMvc-Version' => undef, 'X-Debug-Token' => undef, 'X-Debug-Token-Link' => undef,
                  'X-Generator' => undef, 'X-Runtime' => undef, 'X-Lain' => 'tetap', 'X-Rangka' => 'Kota' } },
    { name => 'one more', path => '/g-strip/raw/telling', status => 200, has => [$page], header => { 'X-Rangka' => undef, 'X-Powered-By' => undef, 'X-Lain' => 'tetap' } },
    { name => 'none', path => '/g-nostrip/raw/telling', status => 200, has => [$page], header => { 'X-Rangka' => 'Kota', 'X-Powered-By' => 'Express', 'X-Runtime' => '0.02' } },
    { name => 'a value that matches a leak rule', path => '/raw/value', status => 200, page => 0, has => [$page], header => { 'X-Pesan' => undef, 'X-Lain' => 'tetap' }, record => { kind => 'error' } },
    { name => 'stripped from an image', path => '/raw/image', status => 200, header => { 'X-Powered-By' => undef } },
    { name => 'stripped from a PHP page', path => '/php-on/index.php', status => 200, header => { 'X-Powered-By' => undef }, @fpm },
    { name => 'stripped from a redirect', path => '/php-on/redirect.php', status => 302, header => { 'X-Powered-By' => undef, Location => '/php/index.php?n=1' }, @fpm },

    # beside our page
    { name => 'survive a replacement', path => '/php-off/headers.php', status => 500, page => 1, hasnt => ['KANARI-RANGKA', 'SistemKota', '4.0.30319'], @fpm,
      header => { 'Set-Cookie' => 'sesi=abc123; Path=/; HttpOnly', 'Access-Control-Allow-Origin' => 'https://contoh.go.id', 'Access-Control-Allow-Credentials' => 'true',
                  'Strict-Transport-Security' => 'max-age=31536000', Vary => qr/Origin/, Allow => 'GET, POST', 'X-Rangka' => undef, 'Last-Modified' => undef,
                  'Cache-Control' => 'no-store', 'X-Content-Type-Options' => 'nosniff', 'Content-Security-Policy' => qr/default-src 'none'/ } },
    { name => 'the same page, not failing', path => '/php-off/headers.php?s=200', status => 200, page => 0, has => ['HALAMAN-APLIKASI'], @fpm,
      header => { 'Set-Cookie' => 'sesi=abc123; Path=/; HttpOnly', ETag => '"jejak-500"', 'X-Rangka' => 'KANARI-RANGKA', 'X-Debug-Token' => undef } },
    { name => 'the reference only with our page', path => '/halaman/bersih.html', status => 200, header => { 'X-Request-Ref' => undef } },
);

# Several cookies stay several.
rawd('cookies', ['send64', b64(http_raw('500 Galat', 'text/html', 'x', 'Set-Cookie: a=1', 'Set-Cookie: b=2', 'Vary: Cookie', 'Content-Disposition: attachment; filename="x.xls"', 'Content-Encoding: gzip', 'Trailer: X-T', 'Link: </a>', 'Refresh: 1; url=/debug'))]);
my $r = get('/raw/cookies');
is(join(' ', $r->all('Set-Cookie')), 'a=1 b=2', 'both cookies');
ok(!defined $r->h($_), "no $_ beside our page") for 'Content-Disposition', 'Content-Encoding', 'Trailer', 'Refresh', 'ETag';
is(scalar(my @types = $r->all('Content-Type')), 1, 'one Content-Type');
is(scalar(my @lengths = $r->all('Content-Length')), 1, 'one Content-Length');
is(length $r->{body}, $r->h('Content-Length'), '... that is right');

# Inbound X-Spbe-*: removed in every mode but Off; SPBE_REF reaches the application.
my @inbound = (headers => [['X-Spbe-Ref', 'DARI-PENGUNJUNG'], ['x-spbe-verdict', 'valid'], ['X-Spbe', 'tetap'], ['X-Request-Ref', 'AAAA-AAAA-AAA']]);
for my $case (['main', '/cgi/env.pl', 0], ['detect', '/cgi/env.pl', 0], ['main', '/g-detect/cgi/env.pl', 0], ['plain', '/cgi/env.pl', 1], $ENV{SPBE_FPM} ? (['main', '/php-off/referensi.php', 0]) : ()) {
    my ($vhost, $path, $passes) = @$case;
    my $r = get($path, vhost => $vhost, @inbound);
    is($r->{status}, 422, "$vhost $path: answers");
    my $seen = () = $r->{body} =~ /DARI-LUAR HTTP_X_SPBE_/g;
    $passes ? cmp_ok($seen, '>', 0, "$vhost $path: Off removes nothing") : is($seen, 0, "$vhost $path: X-Spbe-* of the visitor are gone");
    $passes ? like($r->{body}, qr/REF=tidak ada/, "$vhost $path: no reference") : like($r->{body}, qr/REF=$REF/, "$vhost $path: SPBE_REF in the environment");
}
my ($ref) = get('/cgi/env.pl', headers => [['X-Request-Ref', 'AAAA-AAAA-AAA']])->{body} =~ /REF=(\S+)/;
isnt($ref, 'AAAA-AAAA-AAA', 'a visitor cannot choose the reference');
my %seen;
$seen{ (get('/cgi/env.pl')->{body} =~ /REF=(\S+)/)[0] }++ for 1 .. 20;
is(scalar keys %seen, 20, 'twenty requests, twenty references');
my ($on_page) = (my $failed = get('/php-off/own500.php'))->h('X-Request-Ref');
ok(!$ENV{SPBE_FPM} || $on_page eq access_line($failed)->{ref}, 'page and access log have the same reference');

done_testing;
