# SPDX-License-Identifier: Apache-2.0
# Leaks below the error set: a trace, a database error or a debug page in a 200,
# 404 or 403, in every type of body; notices cut out of pages that work.
use strict;
use warnings FATAL => 'all';
use SPBE::Test;
use Test::More;

my @fpm = (need => ['SPBE_FPM', 'PHP-FPM']);
my @py = (need => ['SPBE_GUNICORN', 'gunicorn with Flask and Django']);
my @node = (need => ['SPBE_HAVE_NODE', 'Node with Express']);
my @tomcat = (need => ['SPBE_HAVE_TOMCAT', 'Tomcat']);
my %fatal = (status => 500, page => 1);
my %code = (kind => 'error', class => 'code', responsible => 'Dev', status_in => 200, status_out => 500,
    action => 'replaced', rule => qr/\S/);
my $php = "<br />\n<b>Fatal error</b>:  Uncaught RuntimeException: KANARI-BOCOR in /srv/apps/php/a.php:3\nStack trace:\n#0 /srv/apps/php/b.php(4): f()\n#1 {main}\n  thrown in <b>/srv/apps/php/a.php</b> on line <b>3</b><br />\n";
my $python = qq{Traceback (most recent call last):\n  File "/srv/apps/python/a.py", line 3, in simpan\n    raise ValueError("KANARI-BOCOR")\nValueError: KANARI-BOCOR\n};
my $java = "java.lang.IllegalStateException: KANARI-BOCOR\n\tat id.go.kota.Izin.simpan(Izin.java:42)\n\tat id.go.kota.Izin.main(Izin.java:7)\n\tat org.apache.catalina.core.StandardWrapper.x(StandardWrapper.java:1)\n";

# One leak as one response of the scripted backend.
sub leak {
    my ($name, $type, $body, %row) = @_;
    my ($status) = delete $row{as} || '200 OK';
    (my $word = $name) =~ s{\W+}{-}g;
    my $script = rawd("leak-$word", ['send64', b64(http_raw($status, $type, $body))]);
    return { name => $name, path => ($row{under} || '') . "/raw/$script", %fatal, %row };
}

rows(
    # real applications that answer 200
    { name => 'php, exception shown', path => '/php-on/exception.php', %fatal, @fpm,
      record => { %code, exception => qr/RuntimeException/, frames_text => qr/simpan/, trace_text => qr/Stack trace/ } },
    { name => 'php, undefined function shown', path => '/php-on/fatal.php', %fatal, @fpm, record => { %code } },
    { name => 'php, syntax error shown', path => '/php-on/parse.php', %fatal, @fpm, record => { %code } },
    { name => 'php, memory shown', path => '/php-on/memory.php', %fatal, @fpm, record => { class => 'resource', responsible => 'Sys admin' } },
    { name => 'php, html_errors off', path => '/php-text/exception.php', %fatal, @fpm, record => { %code, exception => qr/RuntimeException/ } },
    { name => 'php, exception in JSON', path => '/php-on/json.php', %fatal, @fpm, record => { %code, exception => qr/RuntimeException/ } },
    { name => 'php, PDO exception', path => '/php-on/dberror.php', %fatal, @fpm, record => { kind => 'error', class => qr/^(?:code|database)$/ } },
    { name => 'php, mysqli refused', path => '/php-on/dbdown.php', %fatal, @fpm, record => { class => 'database', responsible => 'Sys admin' } },
    { name => 'php, phpinfo', path => '/php-on/info.php', %fatal, @fpm, hasnt => ['PHP Version'], record => { status_in => 200 } },
    { name => 'php, .xls export', path => '/php-on/xls.php', %fatal, @fpm, header => { 'Content-Disposition' => undef }, record => { %code } },
    { name => 'php, PDF export', path => '/php-on/pdf.php', %fatal, @fpm, record => { %code } },
    { name => 'php, compressed', path => '/php-on/gz.php', get => { headers => [['Accept-Encoding', 'gzip']] }, %fatal, @fpm, record => { %code } },
    { name => 'php, 100 KB before it', path => '/g-hold256k/php-on/large.php', %fatal, @fpm, record => { %code } },
    { name => 'flask, own traceback', path => '/py/flask/jejak', %fatal, @py, record => { %code, exception => qr/ValueError/ } },
    { name => 'flask, traceback in JSON', path => '/py/flask/json', %fatal, @py, record => { %code, exception => qr/ValueError/ } },
    { name => 'django, 404 of DEBUG', path => '/py/django/tidak-ada', status => 404, page => 1, @py, hasnt => ['URLconf'],
      record => { status_in => 404, status_out => 404 } },
    { name => 'express, stack in JSON', path => '/node/json', %fatal, @node, record => { %code, exception => qr/TypeError/ } },
    { name => 'express, stack in a 404', path => '/node/notfound', status => 404, page => 1, @node, record => { status_in => 404, exception => qr/TypeError/ } },
    { name => 'jsp, trace in a page', path => '/tomcat/jejak.jsp', %fatal, @tomcat, record => { kind => 'error', exception => qr/SQLException/ } },
    { name => 'cgi, DBI message', path => '/cgi/trace200.pl', %fatal, record => { kind => 'error', class => 'code' } },

    # statuses
    { name => 'php, in a 404', path => '/php-on/status.php?s=404&t=1', status => 404, page => 1, @fpm, record => { status_in => 404, status_out => 404, action => 'replaced' } },
    { name => 'php, in a 403', path => '/php-on/status.php?s=403&t=1', status => 403, page => 1, @fpm, record => { status_in => 403 } },
    { name => 'php, in a 422', path => '/php-on/status.php?s=422&t=1', status => 422, page => 1, @fpm, record => { status_in => 422 } },
    { name => 'php, in a 201', path => '/php-on/status.php?s=201&t=1', %fatal, @fpm, record => { status_in => 201 } },

    # types
    leak('html', 'text/html', "<html>$php</html>", record => { %code }),
    leak('plain', 'text/plain', $python, record => { %code, exception => qr/ValueError/ }),
    leak('xml', 'application/xml', "<?xml version=\"1.0\"?>\n<galat><![CDATA[$java]]></galat>", record => { %code }),
    leak('xhtml', 'application/xhtml+xml', "<html>$php</html>", record => { %code }),
    leak('soap', 'application/soap+xml', "<Fault><faultstring>$java</faultstring></Fault>", record => { %code }),
    leak('javascript', 'application/javascript', "var galat = `$python`;", record => { %code }),
    leak('css', 'text/css', "/* $php */", record => { %code }),
    leak('json', 'application/json', '{"trace":"Traceback (most recent call last):\\n  File \\"/srv/apps/python/a.py\\", line 3, in simpan\\n    x()\\nValueError: KANARI-BOCOR\\n"}', record => { %code }),
    leak('problem', 'application/problem+json', '{"trace":"java.lang.IllegalStateException: KANARI-BOCOR\\n\\tat id.go.kota.Izin.simpan(Izin.java:42)\\n\\tat id.go.kota.Izin.main(Izin.java:7)\\n"}', record => { %code }),
    leak('csv', 'text/csv', "nik,nama\n$php", record => { %code }),
    leak('unlabelled', '', "<html>$php</html>", record => { %code }),
    leak('excel', 'application/vnd.ms-excel', "<table>$php</table>", record => { %code }),
    leak('octets', 'application/octet-stream', $python, record => { %code }),
    leak('image', 'image/png', $php, record => { %code }),
    leak('pdf', 'application/pdf', $php, record => { %code }),
    leak('zip', 'application/zip', $php, record => { %code }),
    leak('database', 'text/html', 'Galat: ERROR 1045 (28000): Access denied for user &#039;KANARI-BOCOR&#039;@&#039;localhost&#039; (using password: YES)', record => { class => 'database', responsible => 'Sys admin' }),
    leak('oracle', 'text/html', '<p>ORA-00942: table or view does not exist KANARI-BOCOR</p>', record => { kind => 'error' }),
    leak('postgresql', 'text/html', '<b>Warning</b>:  pg_query(): Query failed: ERROR:  syntax error at or near &quot;KANARI-BOCOR&quot; LINE 1: SELECT in <b>/srv/apps/php/a.php</b> on line <b>3</b>',
         status => qr/^(?:200|500)$/, page => undef, record => { kind => 'error' }),
    leak('directory', 'text/html', "<html><head><title>Index of /cadangan</title></head><body><h1>Index of /cadangan</h1><pre><a href=\"?C=N;O=D\">Name</a> <a href=\"?C=M;O=A\">Last modified</a>\n<a href=\"/\">Parent Directory</a></pre></body></html>",
         status => 200, page => 0),

    # the administrator's own rule, and what he made of types and leaks
    leak('kota', 'text/html', 'SISTEM-KOTA-GALAT 4711', record => { rule => 'kota-sistem' }),
    leak('kota talks', 'text/html', 'SISTEM-KOTA-GALAT dijelaskan di sini', status => 200, page => 0, has => ['dijelaskan']),
    leak('type not listed', 'application/x-kota', "\x00\x01$php", status => 200, page => 0, leaks => 1, has => ['KANARI']),
    leak('type listed', 'application/x-kota', "\x00\x01$php", under => '/g-csv', record => { %code }),
    leak('listed adds', 'text/html', $php, under => '/g-csv', record => { %code }),
    leak('only xml: html passes', 'text/html', $php, under => '/g-onlyxml', status => 200, page => 0, leaks => 1, has => ['KANARI']),
    leak('only xml: xml does not', 'application/xml', "<a>$java</a>", under => '/g-onlyxml', record => { %code }),
    leak('leak off', 'text/html', $php, under => '/g-leakoff', status => 200, page => 0, leaks => 1, has => ['KANARI']),
    leak('leak log', 'text/html', $php, under => '/g-log', status => 200, page => 0, leaks => 1, has => ['KANARI'], record => { action => 'logged', status_out => 200 }),
    leak('leak excise', 'text/html', "<p>AWAL-HALAMAN</p>$php<p>AKHIR-HALAMAN</p>", under => '/g-excise', status => 200, page => 0,
         has => ['AWAL-HALAMAN'], record => { action => 'excised', status_out => 200 }),
    leak('engine off', 'text/html', $php, under => '/g-off', status => 200, page => 0, leaks => 1, has => ['KANARI']),

    # notices: the page works on
    { name => 'warning cut', path => '/php-on/warning.php', status => 200, page => 0, @fpm,
      has => ['AWAL-HALAMAN', 'AKHIR-HALAMAN', qr{^<!DOCTYPE html>}, qr{</html>\n\z}], hasnt => ['Warning', 'on line'],
      record => { kind => 'error', severity => 'notice', action => 'excised', status_in => 200, status_out => 200, trace_text => qr/Undefined array key|Warning/ } },
    { name => 'warning cut, plain text', path => '/php-text/warning.php', status => 200, page => 0, @fpm,
      has => ['AWAL-HALAMAN', 'AKHIR-HALAMAN'], hasnt => ['Warning', 'on line'], record => { action => 'excised' } },
    { name => 'five warnings cut', path => '/php-on/notices.php', status => 200, page => 0, @fpm,
      has => ['AWAL-HALAMAN', 'baris 0', 'baris 1', 'baris 2', 'baris 3', 'baris 4', 'AKHIR-HALAMAN'], hasnt => ['Warning', 'on line'],
      record => { action => 'excised' } },
    { name => 'warning logged', path => '/g-log/php-on/warning.php', status => 200, page => 0, leaks => 1, has => ['KANARI_BOCOR', 'AKHIR-HALAMAN'], @fpm,
      record => { action => 'logged' } },
);

# A page that talks about errors, and pages that have nothing to do with them.
my %talks = (
    manual => slurp("$ENV{SPBE_ROOT}/htdocs/halaman/manual.html"),
    form => '<form action="/lapor"><label>Jenis kesalahan <input name="kesalahan"></label><label>Exception (optional)<input name="exception"></label><p>error: NIK wajib diisi</p></form>',
    news => '<h1>Galat sistem e-KTP: 500 warga antre</h1><p>Kesalahan server diakui dinas. "Fatal error," kata petugas, "semua data aman."</p>',
    log => "<p>Jadwal: 12:30:45 (perbaikan), lihat berkas laporan.java di lampiran, baris 42.</p>",
    sql => "<h2>Belajar SQL</h2><p>Perintah SELECT * FROM warga WHERE nama = 'Nur' menampilkan warga.</p>",
    json => '{"error":"nik tidak sah","status":422,"errors":[{"field":"nik","message":"harus 16 angka"}]}',
);
my @clean = rows(map {
    my $script = rawd("talk-$_", ['send64', b64(http_raw('200 OK', $_ eq 'json' ? 'application/json' : 'text/html', $talks{$_}))]);
    my $body = $talks{$_};
    { name => "talks about errors: $_", path => "/raw/$script", status => 200, page => 0, leaks => 1,
      also => sub { ok($_[0]{body} eq $body, "$_[1]: byte for byte") } }
} sort keys %talks);
no_records('pages about errors', values %{ $clean[0] });

done_testing;
