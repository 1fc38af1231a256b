# SPDX-License-Identifier: Apache-2.0
# ErrorDocument: the administrator's own page wins for httpd's own errors, with
# the reference in its environment; if it fails itself, ours comes.
use strict;
use warnings FATAL => 'all';
use SPBE::Test;
use Test::More;

my @fpm = (need => ['SPBE_FPM', 'PHP-FPM']);
my $is_ref = sub { my ($r, $label) = @_;
    my ($ref) = $r->{body} =~ /ref=($REF)/;
    ok($ref, "$label: the reference is in its environment") or return;
    my $record = record_of($ref);
    is($record && $record->{ref}, $ref, "$label: and in the log"); };

rows(
    { name => 'static, 500', path => '/g-ed-static/status?500', status => 500, page => 0, has => ['HALAMAN-KESALAHAN-KANTOR statis'], record => { kind => 'error', status_in => 500, status_out => 500 } },
    { name => 'static, 404', path => '/g-ed-static/tidak-ada', status => 404, page => 0, has => ['HALAMAN-KESALAHAN-KANTOR statis'] },
    { name => 'static, CGI that dies', path => '/g-ed-static/cgi/die.pl', status => 500, page => 0, has => ['HALAMAN-KESALAHAN-KANTOR statis'], record => { kind => 'error', status_in => 500 } },
    { name => 'static, HEAD', path => '/g-ed-static/status?500', get => { method => 'HEAD' }, status => 500, page => 0 },
    { name => 'script, 500', path => '/g-ed-script/status?500', status => 500, page => 0, has => ['HALAMAN-KESALAHAN-KANTOR'], @fpm, also => $is_ref, record => { status_in => 500 } },
    { name => 'script, 404', path => '/g-ed-script/tidak-ada', status => 404, page => 0, has => ['HALAMAN-KESALAHAN-KANTOR'], @fpm },
    { name => 'script, after a POST', path => '/g-ed-script/status?500', get => { body => 'nik=1' }, status => 500, page => 0, has => ['HALAMAN-KESALAHAN-KANTOR'], @fpm, also => $is_ref, record => { method => 'POST' } },
    { name => 'script fails without a word', path => '/g-ed-gagal/status?500', status => 500, page => 1, @fpm, record => { status_in => 500 } },
    { name => 'script fails and shows it', path => '/g-ed-gagal/tidak-ada', status => qr/^(?:404|500)$/, page => 1, @fpm },
    { name => 'document is not there', path => '/g-ed-hilang/status?500', status => 500, page => 1, hasnt => ['Additionally, a 404'], record => { status_in => 500 } },
    { name => 'text', path => '/g-ed-teks/status?500', status => 500, has => ['TEKS-KANTOR'], record => { status_in => 500 } },
    { name => 'proxied, with a trace', path => '/g-ed-proxy/status?500', status => 500, page => 1, need => ['SPBE_GUNICORN', 'gunicorn'], record => { status_in => 500 } },
    { name => 'external', path => '/g-ed-luar/status?500', status => 302, page => 0, header => { Location => qr{/halaman/galat\.html$} }, record => { kind => 'error', status_in => 500, status_out => 302 } },
    # A status that the application made itself is not httpd's error.
    { name => 'a 500 of the application', path => '/g-ed-static/php-off/own500.php', status => 500, page => 1, @fpm, record => { status_in => 500 } },
    { name => 'a clean 500 of the application', path => '/g-ed-static/php-off/clean500.php', status => 500, page => 1, @fpm },
    { name => 'a 200 that leaks', path => '/g-ed-static/php-on/exception.php', status => 500, page => 1, @fpm },
);

done_testing;
