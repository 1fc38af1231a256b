# SPDX-License-Identifier: Apache-2.0
# What holds where: server, virtual host, folder, location, file, condition.
use strict;
use warnings FATAL => 'all';
use SPBE::Test;
use Test::More;

my $fatal = "<b>Fatal error</b>:  Uncaught RuntimeException: KANARI-BOCOR in /srv/apps/php/a.php:3\nStack trace:\n#0 {main}\n  thrown in <b>/srv/apps/php/a.php</b> on line <b>3</b><br />\n";
rawd('gabung', ['send64', b64(http_raw('200 OK', 'text/html', $fatal, 'X-Rangka: Kota', 'X-Powered-By: X'))]);
rawd('gabung500', ['send64', b64(http_raw('500 Galat', 'text/html', '<p>HALAMAN-APLIKASI</p>', 'X-Rangka: Kota'))]);
my $html = { headers => [[Accept => 'text/html']] };
my @fpm = (need => ['SPBE_FPM', 'PHP-FPM']);

rows(
    # server -> virtual host
    { name => 'server', path => '/raw/gabung', status => 500, page => 1, record => { application => 'Layanan Perizinan' } },
    { name => 'host, Off', path => '/raw/gabung', get => { vhost => 'plain' }, status => 200, page => 0, leaks => 1, has => ['KANARI'] },
    { name => 'host, DetectOnly', path => '/raw/gabung', get => { vhost => 'detect' }, status => 200, page => 0, leaks => 1, has => ['KANARI'], record => { application => 'Layanan Diamati', action => 'logged' } },

    # the outer location
    { name => 'location: log', path => '/g-merge/raw/gabung', status => 200, page => 0, leaks => 1, has => ['KANARI'], record => { action => 'logged' } },
    { name => 'location: keep-clean', path => '/g-merge/raw/gabung500', status => 500, page => 0, has => ['HALAMAN-APLIKASI'], header => { 'X-Rangka' => undef } },
    { name => 'location: contact', path => '/g-merge/status?500', get => $html, status => 500, page => 1, has => ['Kontak luar', 'Layanan Perizinan'] },
    { name => 'outer hides', path => '/g-merge/halaman/luar-1.txt', status => 404, record => { kind => 'anomaly' } },

    # inner over outer: single values win, lists add up
    { name => 'inner: replace again', path => '/g-merge/php-on/exception.php', get => $html, status => 500, page => 1, has => ['Kontak dalam'], @fpm },
    { name => 'inner: keep-clean is kept', path => '/g-merge/php-on/clean500.php', status => 500, page => 0, has => ['KANARI-BERSIH'], @fpm },
    { name => 'inner: none begins the list anew', path => '/g-merge/php-on/headers.php?s=200', status => 200, page => 0, leaks => 1, has => ['HALAMAN-APLIKASI'], header => { 'X-Rangka' => 'KANARI-RANGKA', 'X-Runtime' => '0.01' }, @fpm },
    { name => 'inner: replace after keep-clean', path => '/g-merge/php-off/clean500.php', status => 500, page => 1, hasnt => ['KANARI-BERSIH'], @fpm },
    { name => 'inner: log is kept', path => '/g-merge/php-off/json.php', status => 200, page => 0, leaks => 1, @fpm },
    { name => 'inner hides its own', path => '/g-merge/php-on/dalam-1.txt', status => 404, record => { kind => 'anomaly', rule => qr/dalam/ } },
    { name => 'inner hides the outer one as well', path => '/g-merge/php-on/luar-1.txt', status => 404, record => { kind => 'anomaly', rule => qr/luar/ } },
    { name => '... and the built-in ones', path => '/g-merge/php-on/.env', status => 404, record => { kind => 'anomaly' } },

    # folder, file, condition
    { name => 'folder', path => '/cgi/die.pl', get => $html, status => 500, page => 1, has => ['Kontak folder CGI'], record => { application => 'Aplikasi CGI' } },
    { name => 'location over folder', path => '/g-merge/cgi/die.pl', get => $html, status => 500, page => 1, has => ['Kontak lokasi'], record => { application => 'Aplikasi CGI' } },
    { name => 'location, application', path => '/g-app/status?500', status => 500, page => 1, record => { application => 'Aplikasi Lain' } },
    { name => 'condition', path => '/g-app/raw/gabung500?ubah=1', status => 500, page => 1, record => { application => 'Aplikasi Dari If' } },
    { name => 'no condition', path => '/g-app/raw/gabung500?ubah=0', status => 500, page => 1, record => { application => 'Aplikasi Lain' } },
    { name => 'the trace in a <Files> of keep-clean', path => '/cgi/status500.pl', status => 500, page => 1 },

    # the two switches apart
    { name => 'Failure Off, Input On', path => '/g-failoff/raw/gabung', status => 200, page => 0, leaks => 1, has => ['KANARI'] },
    { name => 'Failure On, Input Off', path => '/g-inputoff/raw/gabung', status => 500, page => 1 },
    { name => 'both Off', path => '/g-off/raw/gabung', status => 200, page => 0, leaks => 1, has => ['KANARI'] },
    { name => 'both DetectOnly', path => '/g-detect/raw/gabung', status => 200, page => 0, leaks => 1, has => ['KANARI'], record => { action => 'logged' } },
);

done_testing;
