# SPDX-License-Identifier: Apache-2.0
# Every handler, in every way it can fail with a status of the error set: the
# visitor sees our page and nothing else, the record has what was hidden.
use strict;
use warnings FATAL => 'all';
use SPBE::Test;
use Test::More;

my $prefork = $ENV{SPBE_MPM} eq 'prefork';
my @fpm = (need => ['SPBE_FPM', 'PHP-FPM']);
my @py = (need => ['SPBE_GUNICORN', 'gunicorn with Flask and Django']);
my @node = (need => ['SPBE_HAVE_NODE', 'Node with Express']);
my @uwsgi = (need => ['SPBE_HAVE_UWSGI', 'uwsgi']);
my @tomcat = (need => ['SPBE_HAVE_TOMCAT', 'Tomcat']);
my %code = (kind => 'error', class => 'code', responsible => 'Dev', status_in => 500, status_out => 500,
    application => 'Layanan Perizinan', id => qr/^[0-9a-f]{8}-[0-9a-f]{4}-7/, ts => qr/^20\d\d-\d\d-\d\dT/,
    fingerprint => qr/\S/, title => qr/\S/);

rows(
    # PHP-FPM
    { name => 'fpm, exception, display off', path => '/php-off/exception.php', status => 500, page => 1, @fpm,
      record => { %code, exception => qr/RuntimeException/, log_lines_text => qr/KANARI-BOCOR berkas izin/,
                  frames_text => qr/simpan/, route => '/php-off/exception.php', method => 'GET' } },
    { name => 'fpm, undefined function', path => '/php-off/fatal.php', status => 500, page => 1, @fpm,
      record => { %code, message => qr/undefined function/i } },
    { name => 'fpm, syntax error', path => '/php-off/parse.php', status => 500, page => 1, @fpm,
      record => { %code, log_lines_text => qr/Parse error/ } },
    { name => 'fpm, memory', path => '/php-off/memory.php', status => 500, page => 1, @fpm,
      record => { class => 'resource', responsible => 'Sys admin', log_lines_text => qr/Allowed memory size/ } },
    { name => 'fpm, execution time', path => '/php-off/timeout.php', status => 500, page => 1, @fpm,
      record => { class => 'resource' } },
    { name => 'fpm, own 500 with trace', path => '/php-off/own500.php', status => 500, page => 1, @fpm,
      record => { %code, exception => qr/RuntimeException/, trace_text => qr/LayananPerizinan/, frames_text => qr/lib\.php/ } },
    { name => 'fpm, own 500 without trace', path => '/php-off/notrace.php', status => 500, page => 1, @fpm,
      hasnt => ['Internal Server Error</'],
      record => { kind => 'error', class => 'unknown', responsible => 'Dev, Sys admin' } },
    { name => 'fpm, database refused', path => '/php-off/dbdown.php', status => 500, page => 1, @fpm,
      record => { class => 'database', responsible => 'Sys admin', why => qr/\S/ } },
    { name => 'fpm, DSN in the message', path => '/php-off/dsn.php', status => 500, page => 1, @fpm,
      record => { kind => 'error', log_lines_text => sub { unlike($_[0] // '', qr/S3CR3T-KANARI/, $_[1]) } } },
    { name => 'fpm, not there', path => '/php-down/index.php', status => 503, page => 1,
      record => { class => 'upstream', responsible => 'Sys admin', status_in => 503 } },
    { name => 'fpm, worker killed', path => '/php-off/mati.php', status => qr/^50[023]$/, page => 1, @fpm,
      record => { class => qr/^(?:upstream|resource)$/ } },
    { name => 'fpm, no answer in time', path => '/php-lama/lama.php', status => qr/^50[34]$/, page => 1, @fpm,
      record => { class => 'upstream' } },
    { name => 'fpm, shown with a status of 500', path => '/php-on/own500.php', status => 500, page => 1, @fpm,
      record => { %code } },
    { name => 'fpm, Xdebug', path => '/php-xdebug/exception.php', page => 1, need => ['SPBE_XDEBUG', 'Xdebug'],
      record => { kind => 'error', class => 'code', exception => qr/RuntimeException/ } },

    # PHP as CGI: by Action, an internal redirect
    { name => 'php cgi, exception', path => '/php-cgi/exception.php', page => 1, need => ['SPBE_PHPCGI', 'PHP CGI'],
      record => { kind => 'error', class => 'code', exception => qr/RuntimeException/ } },
    { name => 'php cgi, own 500', path => '/php-cgi/own500.php', status => 500, page => 1, need => ['SPBE_PHPCGI', 'PHP CGI'],
      record => { %code } },

    # Perl by mod_cgi or mod_cgid
    { name => 'cgi, dies before headers', path => '/cgi/die.pl', status => 500, page => 1,
      record => { kind => 'error', status_in => 500,
                  $ENV{SPBE_MPM} eq 'event' ? () : (class => 'code', log_lines_text => qr/KANARI-BOCOR tabel izin/) } },
    { name => 'cgi, Status: 500', path => '/cgi/status500.pl', status => 500, page => 1, record => { %code, application => 'Aplikasi CGI' } },
    { name => 'cgi, CGI::Carp', path => '/cgi/carp.pl', page => 1, hasnt => ['Software error'], record => { kind => 'error', class => 'code' } },
    { name => 'cgi, header without colon', path => '/cgi/badheader.pl', status => 500, page => 1,
      record => { kind => 'error', log_lines_text => qr/malformed header/i } },
    { name => 'cgi, no output', path => '/cgi/nooutput.pl', status => 500, page => 1, record => { kind => 'error' } },
    { name => 'cgi, killed', path => '/cgi/segv.pl', status => 500, page => 1, record => { kind => 'error' } },
    { name => 'cgi, long stderr', path => '/cgi/stderr.pl', status => 500, page => 1,
      record => { kind => 'error', $ENV{SPBE_MPM} eq 'event' ? () : (log_lines_text => qr/AKHIR-STDERR/) } },
    { name => 'cgi, POST body left unread', path => '/cgi/env.pl', get => { body => 'nik=1' }, status => qr/^(?:422|50[02])$/ },
    { name => 'cgi, not there', path => '/cgi/tidak-ada.pl', status => 404, page => 1, record => { status_in => 404 } },
    { name => 'cgi, redirected to a failing page', path => '/cgi/internal.pl', status => 500, page => 1, @fpm,
      record => { %code, exception => qr/RuntimeException/ } },

    # Python
    { name => 'flask, 500', path => '/py/flask/gagal', status => 500, page => 1, @py, record => { kind => 'error', status_in => 500 } },
    { name => 'flask, Werkzeug debugger', path => '/py/debug/gagal', status => 500, page => 1, @py, hasnt => ['Werkzeug'],
      record => { %code, exception => qr/ValueError/, frames_text => qr/simpan_izin/ } },
    { name => 'django, debug page', path => '/py/django/gagal?nik=1', status => 500, page => 1, @py, hasnt => ['DEBUG = True'],
      record => { %code, exception => qr/ValueError/, frames_text => qr/simpan_izin/ } },

    # Node
    { name => 'express, 500', path => '/node/gagal?nik=7', status => 500, page => 1, @node,
      record => { %code, exception => qr/TypeError/, frames_text => qr/simpanIzin/ } },
    { name => 'express, rejected promise', path => '/node/async', status => 500, page => 1, @node, record => { %code } },

    # uwsgi
    { name => 'uwsgi, 500', path => '/uwsgi/flask/gagal', status => 500, page => 1, @uwsgi, record => { kind => 'error' } },
    { name => 'uwsgi, debugger', path => '/uwsgi/debug/gagal', status => 500, page => 1, @uwsgi, record => { %code, exception => qr/ValueError/ } },

    # AJP
    { name => 'ajp, JSP exception', path => '/tomcat/gagal.jsp?nik=1', status => 500, page => 1, @tomcat, hasnt => ['Apache Tomcat'],
      record => { %code, exception => qr/IllegalStateException/ } },

    # modules of httpd itself
    { name => 'handler returns 500', path => '/status?500', status => 500, page => 1, hasnt => ['Apache/2.4'], record => { kind => 'error', status_in => 500 } },
    { name => 'handler returns 502', path => '/status?502', status => 502, page => 1, record => { status_in => 502 } },
    { name => 'handler returns 507', path => '/status?507', status => 507, page => 1, record => { status_in => 507 } },
    { name => 'handler returns 403', path => '/status?403', status => 403, page => 1, record => { status_in => 403 } },
    { name => 'error bucket first', path => '/bucket?502', status => 502, page => 1, record => { status_in => 502 } },
    { name => 'error bucket after held bytes', path => '/bucket?500,200', status => 500, page => 1, hasnt => ['AWAL-HALAMAN'], record => { status_in => 500 } },
    { name => 'httpd, denied', path => '/terlarang', status => 403, page => 1, hasnt => ['Apache/2.4'] },
    { name => 'httpd, not found', path => '/tidak/ada', status => 404, page => 1, hasnt => ['Apache/2.4', 'was not found on this server'] },
    { name => 'httpd, method', path => '/halaman/bersih.html', get => { method => 'DELETE' }, status => 405, page => 1, header => { Allow => qr/GET/ } },
    { name => 'httpd, bad request', path => '/x%zz', status => 400, page => 1, hasnt => ['Apache/2.4'] },
    { name => 'httpd, long URI', path => '/' . 'a' x 9000, status => 414, page => 1 },
    { name => 'httpd, long header', path => '/', get => { headers => [['X-Panjang', 'a' x 17000]] }, status => 400, page => 1, hasnt => ['Size of a request header'] },
);

SKIP: {
    skip 'mod_php runs under prefork only', 1 unless $prefork;
    rows(
        { name => 'mod_php, exception shown', path => '/php-mod/exception.php', page => 1,
          record => { kind => 'error', class => 'code', exception => qr/RuntimeException/, frames_text => qr/simpan/ } },
        { name => 'mod_php, own 500', path => '/php-mod/own500.php', status => 500, page => 1, record => { %code } },
        { name => 'mod_php, warning', path => '/php-mod/warning.php', status => 200, page => 0,
          has => ['AWAL-HALAMAN', 'AKHIR-HALAMAN'], hasnt => ['Warning'], record => { kind => 'error', action => 'excised' } },
        { name => 'mod_php, works', path => '/php-mod/index.php?n=5', status => 200, page => 0, has => ['berjalan baik: 5'] },
    );
}

# The applications do work when nothing fails: or the rows above prove nothing.
rows(
    { name => 'fpm works', path => '/php-off/index.php?n=5', status => 200, page => 0, has => ['berjalan baik: 5'], @fpm },
    { name => 'php cgi works', path => '/php-cgi/index.php?n=5', status => 200, page => 0, has => ['berjalan baik: 5'], need => ['SPBE_PHPCGI', 'PHP CGI'] },
    { name => 'cgi works', path => '/cgi/ok.pl', status => 200, page => 0, has => ['HALAMAN-CGI'] },
    { name => 'flask works', path => '/py/flask/ok', status => 200, page => 0, has => ['HALAMAN-FLASK'], @py },
    { name => 'django works', path => '/py/django/ok', status => 200, page => 0, has => ['HALAMAN-DJANGO'], @py },
    { name => 'express works', path => '/node/ok', status => 200, page => 0, has => ['HALAMAN-EXPRESS'], @node },
    { name => 'uwsgi works', path => '/uwsgi/flask/ok', status => 200, page => 0, has => ['HALAMAN-FLASK'], @uwsgi },
    { name => 'tomcat works', path => '/tomcat/ok.jsp', status => 200, page => 0, has => ['HALAMAN-JSP'], @tomcat },
);

done_testing;
