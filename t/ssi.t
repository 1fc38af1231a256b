# SPDX-License-Identifier: Apache-2.0
# Pages that httpd puts together: server-side includes and internal redirects.
use strict;
use warnings FATAL => 'all';
use SPBE::Test;
use Test::More;

env_or_skip('SPBE_FPM', 'PHP-FPM');

my $pages = rows(
    { name => 'clean', path => '/ssi/utama.shtml', status => 200, page => 0, has => ['AWAL-HALAMAN', 'berjalan baik: dariSSI', 'AKHIR-HALAMAN'] },
    { name => 'fatal in a part', path => '/ssi/jejak.shtml', status => 500, page => 1, hasnt => ['AWAL-HALAMAN'], record => { kind => 'error', class => 'code', status_in => 200, route => '/ssi/jejak.shtml' } },
    { name => 'warning in a part', path => '/ssi/peringatan.shtml', status => 200, page => 0,
      has => ['AWAL-LUAR', 'AWAL-HALAMAN', 'AKHIR-HALAMAN', 'AKHIR-LUAR'], hasnt => ['Warning', 'on line'], record => { action => 'excised' } },
    { name => 'part that is not there', path => '/ssi/hilang.shtml', status => 200, page => 0, has => ['AWAL-HALAMAN', 'AKHIR-HALAMAN'], hasnt => ['<!DOCTYPE'] },
    { name => 'fatal in a part, excise', path => '/g-excise/ssi/jejak.shtml', status => 200, page => 0, has => ['AWAL-HALAMAN'], record => { action => 'excised' } },
    { name => 'DetectOnly', path => '/g-detect/ssi/jejak.shtml', status => 200, page => 0, leaks => 1, has => ['KANARI'], record => { action => 'logged' } },
    { name => 'index of a folder', path => '/', status => 200, page => 0 },
    { name => 'redirected inside httpd', path => '/cgi/internal.pl', status => 500, page => 1, record => { exception => qr/RuntimeException/, route => '/cgi/internal.pl' } },
    { name => 'by Action', path => '/php-cgi/fatal.php', page => 1, need => ['SPBE_PHPCGI', 'PHP CGI'], record => { kind => 'error', route => '/php-cgi/fatal.php' } },
);
# One request, one reference: also where several requests of httpd make it up.
my %refs = map { ($pages->{$_} ? ref_of($pages->{$_}) : $_) => 1 } keys %$pages;
is(scalar keys %refs, scalar keys %$pages, 'every request has a reference of its own');
my @of_one = grep { ref $_ eq 'HASH' && ($_->{ref} // '') eq ref_of($pages->{'warning in a part'}) } records();
is(scalar @of_one, 1, 'one record for a page of several parts');
no_records('clean SSI', $pages->{clean}, $pages->{'index of a folder'});

done_testing;
