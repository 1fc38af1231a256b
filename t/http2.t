# SPDX-License-Identifier: Apache-2.0
# HTTP/2: clean pages, our page, and a response that is broken off: the stream
# is reset, the connection goes on.
use strict;
use warnings FATAL => 'all';
use SPBE::Test;
use Test::More;

plan skip_all => 'mod_http2 does not work under prefork' if $ENV{SPBE_MPM} eq 'prefork';
plan skip_all => 'curl with HTTP/2 is not installed' unless `curl --version 2>/dev/null` =~ /\bHTTP2\b/;

my $base = 'http://127.0.0.1:' . port('h2');
my $count = 0;

# (headers and body of each response, exit status of curl)
sub h2 {
    my ($paths, @options) = @_;
    my @urls = map { ('-o', "$ENV{SPBE_W}/run/h2.$$." . $_ . '.body', '-D', "$ENV{SPBE_W}/run/h2.$$.$_.head", $base . $paths->[$_], $_ < $#$paths ? ('--next', '-s', '--http2-prior-knowledge', '--max-time', 10) : ()) } 0 .. $#$paths;
    unlink glob "$ENV{SPBE_W}/run/h2.$$.*";
    my $rc = system 'curl', '-s', '--http2-prior-knowledge', '--max-time', 10, @options, @urls;
    return ($rc >> 8, map { { head => slurp("$ENV{SPBE_W}/run/h2.$$.$_.head"), body => slurp("$ENV{SPBE_W}/run/h2.$$.$_.body") } } 0 .. $#$paths);
}

sub ref_in { my ($ref) = $_[0]{head} =~ /^x-request-ref: ($REF)/mi; return $ref }

my $fatal = "<b>Fatal error</b>:  Uncaught RuntimeException: KANARI-BOCOR in /srv/apps/php/a.php:3\nStack trace:\n#0 {main}\n  thrown in <b>/srv/apps/php/a.php</b> on line <b>3</b><br />\n";
my $warning = "<br />\n<b>Warning</b>:  Undefined variable KANARI_BOCOR in <b>/srv/apps/php/a.php</b> on line <b>31</b><br />\n";
rawd('h2-clean', ['send64', b64(http_raw('200 OK', 'text/html', '<p>HALAMAN-APLIKASI</p>'))]);
rawd('h2-fatal', ['send64', b64(http_raw('200 OK', 'text/html', "<p>x</p>$fatal"))]);
rawd('h2-notice', ['send64', b64(http_raw('200 OK', 'text/html', "<p>AWAL-HALAMAN</p>$warning<p>AKHIR-HALAMAN</p>"))]);
rawd('h2-late', ['send', "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"], ['fill', 'x', 200_000], ['send64', b64($fatal)], ['send', '<p>AKHIR-HALAMAN</p>']);
rawd('h2-dies', ['send', "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 400000\r\n\r\n"], ['fill', 'x', 200_000], ['sleep', 100], ['reset']);
rawd('h2-post', ['body'], ['send64', b64(http_raw('500 Galat', 'text/html', $fatal))]);
rawd('h2-trailer', ['send', "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\nhalo\r\n0\r\nX-Debug-Jejak: KANARI-BOCOR\r\n\r\n"]);

my ($rc, $r) = h2(['/raw/h2-clean']);
is($rc, 0, 'clean page: complete');
like($r->{head}, qr{^HTTP/2 200}, 'clean page: HTTP/2');
is($r->{body}, '<p>HALAMAN-APLIKASI</p>', 'clean page: body');

($rc, $r) = h2(['/raw/h2-fatal']);
is($rc, 0, 'replaced: complete');
like($r->{head}, qr{^HTTP/2 500}, 'replaced: status');
ok(hidden($r->{head} . $r->{body}), 'replaced: nothing leaks');
my $record = record_of(ref_in($r));
ok($record, 'replaced: recorded') and is($record->{status_in}, 200, 'replaced: status inside');
my ($length) = $r->{head} =~ /^content-length: (\d+)/mi;
is($length, length $r->{body}, 'replaced: its length') if defined $length;

($rc, $r) = h2(['/raw/h2-notice']);
is($rc, 0, 'excised: complete');
like($r->{body}, qr/AWAL-HALAMAN.*AKHIR-HALAMAN/s, 'excised: the page is whole');
ok(hidden($r->{body}), 'excised: the warning is gone');

($rc, $r) = h2(['/raw/h2-late']);
isnt($rc, 0, "broken off: the stream is reset (curl says $rc)");
isnt($rc, 28, 'broken off: not by waiting');
like($r->{head}, qr{^HTTP/2 200}, 'broken off: the status had left');
unlike($r->{body}, qr/Fatal error|AKHIR-HALAMAN/, 'broken off: nothing of the trace, nothing after it');

($rc, $r) = h2(['/raw/h2-dies']);
isnt($rc, 0, 'backend dies late: the stream is reset');
unlike($r->{body}, qr/$REF|<!DOCTYPE/, 'backend dies late: no page behind it');

($rc, $r) = h2(['/raw/mati-tengah-h2']);
is($rc, 0, 'unknown script: complete');

($rc, $r) = h2(['/raw/h2-fatal'], '-I');
is($rc, 0, 'HEAD: complete');
ok(hidden($r->{head} . $r->{body}), 'HEAD: nothing leaks');
($rc, $r) = h2(['/raw/h2-post'], '-d', 'nik=1');
like($r->{head}, qr{^HTTP/2 500}, 'POST to a failing handler');
is((record_of(ref_in($r)) || {})->{method}, 'POST', 'POST: recorded as such');
($rc, $r) = h2(['/tidak/ada']);
like($r->{head}, qr{^HTTP/2 404}, '404 of httpd');
ok(ref_in($r), '404 of httpd: our page');
($rc, $r) = h2(['/raw/h2-trailer']);
unlike($r->{head} . $r->{body}, qr/KANARI/, 'trailer that tells');
like($r->{body}, qr/^halo/, 'trailer: the body');

# Many at once: each gets its own reference.
SKIP: {
    skip 'nghttp (nghttp2-client) is not installed', 6 unless `nghttp --version 2>/dev/null`;
    my $out = `nghttp -nv -m 20 -t 10 $base/raw/h2-fatal 2>&1`;
    my %refs = map { $_ => 1 } $out =~ /x-request-ref: ($REF)/gi;
    is(scalar keys %refs, 20, 'twenty streams of one connection, twenty references');
    is(scalar(() = $out =~ /:status: 500/g), 20, '... each a 500');

    # one stream is broken off while another one is under way on the same connection
    rawd('h2-slow', ['send', "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<p>AWAL-HALAMAN</p>"], ['sleep', 1500], ['send', '<p>AKHIR-HALAMAN</p>']);
    $out = `nghttp -v -t 10 $base/raw/h2-late $base/raw/h2-slow 2>&1`;
    like($out, qr/recv RST_STREAM/, 'of two streams one is reset');
    is(scalar(() = $out =~ /recv RST_STREAM/g), 1, '... only one');
    like($out, qr/AKHIR-HALAMAN/, '... the other one comes to its end');
    unlike($out, qr/KANARI/, '... and nothing leaks');
}

done_testing;
