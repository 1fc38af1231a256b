# SPDX-License-Identifier: Apache-2.0
# Backends that are down, die, answer late or answer nonsense, with
# ProxyErrorOverride on and off.
use strict;
use warnings FATAL => 'all';
use SPBE::Test;
use Test::More;

my $trace = "Traceback (most recent call last):\n  File \"/srv/apps/python/a.py\", line 3, in simpan\n    x()\nValueError: KANARI-BOCOR\n";
my $page = "<html><body><p>AWAL-HALAMAN</p>\n";
my %up = (kind => 'error', class => 'upstream', responsible => 'Sys admin');

rawd('mati-awal', ['reset']);
rawd('mati-diam', ['sleep', 50]);
rawd('mati-kepala', ['send', "HTTP/1.1 200 OK\r\nContent-Type: te"], ['reset']);
rawd('mati-tengah', ['send', "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n$page"], ['sleep', 200]);
rawd('mati-chunk', ['send', "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n$page"], ['sleep', 200], ['reset']);
rawd('mati-500', ['send', "HTTP/1.1 500 Galat\r\nContent-Type: text/plain\r\nContent-Length: 9000\r\n\r\n$trace"], ['sleep', 200], ['reset']);
rawd('mati-jejak', ['send', "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9000\r\n\r\n$trace"], ['sleep', 200], ['reset']);
rawd('mati-larut', ['send', "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 300000\r\n\r\n$page"], ['fill', 'x', 200_000], ['sleep', 200], ['reset']);
rawd('diam', ['hang']);
rawd('lambat-isi', ['send', "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n$page"], ['hang']);
rawd('aneh-baris', ['send', "BUKAN HTTP KANARI-BOCOR\r\n\r\nisi"]);
rawd('aneh-kepala', ['send', "HTTP/1.1 200 OK\r\nKANARI-BOCOR tanpa titik dua\r\nContent-Type: text/html\r\n\r\nisi"]);
rawd('aneh-panjang', ['send', "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: banyak\r\n\r\nisi"]);
rawd('aneh-chunk', ['send', "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nisi\r\n"]);
rawd('jejak500', ['send64', b64(http_raw('500 Galat', 'text/plain', $trace))]);
rawd('jejak404', ['send64', b64(http_raw('404 Tidak Ada', 'text/plain', $trace))]);
rawd('bersih404', ['send64', b64(http_raw('404 Tidak Ada', 'text/html', '<p>HALAMAN-APLIKASI</p>'))]);

my $not_whole = sub { ok(!$_[0]{complete}, "$_[1]: the visitor sees that it is not whole"); unlike($_[0]{body}, qr/$REF/, "$_[1]: no second page behind the first") };

rows(
    { name => 'down', path => '/down/x', status => 503, page => 1, record => { %up, status_in => 503, log_lines_text => qr/connect/i } },
    { name => 'closes at once', path => '/raw/mati-diam', status => 502, page => 1, record => { %up, status_in => 502 } },
    { name => 'reset at once', path => '/raw/mati-awal', status => 502, page => 1, record => { %up } },
    { name => 'dies in the headers', path => '/raw/mati-kepala', status => 502, page => 1, record => { kind => 'error', class => qr/^(?:upstream|code)$/ } },
    { name => 'dies early in the body', path => '/raw/mati-tengah', status => 502, page => 1, hasnt => ['AWAL-HALAMAN'], record => { kind => 'error', status_out => 502 } },
    { name => 'dies in a chunk', path => '/raw/mati-chunk', status => 502, page => 1, hasnt => ['AWAL-HALAMAN'], record => { kind => 'error' } },
    { name => 'dies in a 500', path => '/raw/mati-500', status => qr/^50[02]$/, page => 1, record => { kind => 'error', trace_text => qr/KANARI-BOCOR/ } },
    { name => 'dies in a trace', path => '/raw/mati-jejak', status => qr/^50[02]$/, page => 1, record => { kind => 'error', trace_text => qr/KANARI-BOCOR/ } },
    { name => 'dies late', path => '/raw/mati-larut', status => 200, page => 0, has => ['AWAL-HALAMAN'], also => $not_whole, record => { kind => 'error', action => 'aborted', status_in => 502 } },
    { name => 'no answer', path => '/rawt/diam', status => qr/^50[24]$/, page => 1, record => { %up } },
    { name => 'stops in the body', path => '/rawt/lambat-isi', status => qr/^50[24]$/, page => 1, hasnt => ['AWAL-HALAMAN'], record => { kind => 'error' } },
    { name => 'no status line', path => '/raw/aneh-baris', status => qr/^(?:200|502)$/, leaks => 1 },
    { name => 'header without colon', path => '/raw/aneh-kepala', status => 502, page => 1, record => { kind => 'error', class => qr/^(?:upstream|code)$/ } },
    { name => 'length that is no number', path => '/raw/aneh-panjang', status => 502, page => 1 },
    { name => 'chunk that is none', path => '/raw/aneh-chunk', status => qr/^(?:200|502)$/ },
    { name => 'Node dies in its answer', path => '/node/putus', status => 502, page => 1, need => ['SPBE_HAVE_NODE', 'Node with Express'], record => { kind => 'error' } },
    { name => 'Flask dies in its answer', path => '/py/flask/alirkan', status => qr/^(?:200|502)$/, need => ['SPBE_GUNICORN', 'gunicorn'] },
    { name => 'CGI dies in its answer', path => '/cgi/halfway.pl', status => 200, has => ['AWAL-HALAMAN'] },

    { name => 'override off', path => '/raw/jejak500', status => 500, page => 1, record => { class => 'code', exception => qr/ValueError/ } },
    { name => 'override on', path => '/g-peo/raw/jejak500', status => 500, page => 1, record => { kind => 'error', status_in => 500, hint => qr/ProxyErrorOverride/ } },
    { name => 'override on, 404', path => '/g-peo/raw/bersih404', status => 404, page => 1, hasnt => ['HALAMAN-APLIKASI'] },
    { name => 'override for 404 only: 500', path => '/g-peo404/raw/jejak500', status => 500, page => 1, record => { exception => qr/ValueError/ } },
    { name => 'override for 404 only: 404', path => '/g-peo404/raw/jejak404', status => 404, page => 1 },
    { name => 'override off, clean 404', path => '/raw/bersih404', status => 404, page => 0, has => ['HALAMAN-APLIKASI'] },

    { name => 'the handler returns after bytes that were held', path => '/status?500,100', status => qr/^(?:200|500)$/, hasnt => ['Internal Server Error</h1>'] },
    { name => 'an error bucket after bytes that left', path => '/bucket?502,200000', status => 200, page => 0, has => ['AWAL-HALAMAN'], also => $not_whole, record => { action => 'aborted' } },
);

# A POST that reached the backend: nobody knows whether it was saved.
my $r = get('/raw/mati-diam', body => 'nik=1', headers => [['Accept', 'text/html']]);
like($r->{body}, qr/belum dapat memastikan apakah data Anda tersimpan/, 'POST that got lost: says that it is not certain');
$r = get('/down/x', body => 'nik=1', headers => [['Accept', 'text/html']]);
unlike($r->{body}, qr/belum dapat memastikan/, 'POST that never reached a backend: does not say so');
$r = get('/raw/mati-diam', headers => [['Accept', 'text/html']]);
unlike($r->{body}, qr/belum dapat memastikan/, 'GET: does not say so');

done_testing;
