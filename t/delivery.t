# SPDX-License-Identifier: Apache-2.0
# However the bytes arrive: cut at every offset, one by one, late, compressed,
# mislabelled, in other charsets. What leaked before it could be stopped is
# recorded with its length.
use strict;
use warnings FATAL => 'all';
use Compress::Zlib ();
use Encode ();
use SPBE::Test;
use Test::More;

my $head = "<!DOCTYPE html>\n<html><body><p>AWAL-HALAMAN</p>\n";
my $tail = "<p>AKHIR-HALAMAN</p></body></html>\n";
my $fatal = "<br />\n<b>Fatal error</b>:  Uncaught RuntimeException: KANARI-BOCOR in /srv/apps/php/a.php:3\nStack trace:\n#0 /srv/apps/php/b.php(4): f()\n#1 {main}\n  thrown in <b>/srv/apps/php/a.php</b> on line <b>3</b><br />\n";
my $notice = "<br />\n<b>Warning</b>:  Undefined variable KANARI_BOCOR in <b>/srv/apps/php/a.php</b> on line <b>31</b><br />\n";
my $python = qq{Traceback (most recent call last):\n  File "/srv/apps/python/a.py", line 3, in simpan\n    raise ValueError("KANARI-BOCOR")\nValueError: KANARI-BOCOR\n};

sub quiet { my $r = shift; return hidden($r->{wire}) && $r->{wire} !~ /Fatal error|Warning|on line/ }

# --- cut in two at every offset ------------------------------------------------

sub every_offset {
    my ($name, $body, $from, $to, $good) = @_;
    my $path = sample("$name.html", $body);
    my (@bad, $conn);
    for my $at ($from .. $to) {
        $conn ||= connection('main');
        my $r = get("$path?at=$at", via => $conn);
        push @bad, $at unless quiet($r) && $good->($r);
        undef $conn if !$r->{complete} || ($r->h('Connection') // '') =~ /close/;
    }
    is("@bad", '', "$name: cut at each offset from $from to $to");
}

my $page = $head . $fatal . $tail;
every_offset('fatal', $page, length $head, length($head) + length $fatal, sub { $_[0]{status} == 500 && $_[0]{body} =~ $REF });
$page = $head . $notice . $tail;
every_offset('notice', $page, length($head) - 2, length($head) + length($notice) + 2,
    sub { $_[0]{status} == 200 && $_[0]{body} =~ /AWAL-HALAMAN/ && $_[0]{body} =~ /AKHIR-HALAMAN/ });
every_offset('python', "<pre>$python</pre>", 5, 5 + length $python, sub { $_[0]{status} == 500 });
my $wide = Encode::encode('UTF-16LE', "\x{feff}" . $head . $python);
every_offset('utf16', $wide, 2 * length $head, 2 * length($head) + 120, sub { $_[0]{status} == 500 });
my $gz = Compress::Zlib::memGzip($head . $fatal . $tail);

# the same after bytes have left: the hold is too small to keep the page
my $long = $head . ("<p>isi laporan yang panjang sekali</p>\n" x 60);
my $late = sample('late.html', $long . $fatal . $tail);
my @told;
for my $at (map { length($long) + $_ } 0, 1, 5, 10, 20, 21, 22, 40, 60, length($fatal) - 1, length $fatal) {
    my $r = get("/g-hold1k$late?at=$at");
    push @told, $at unless quiet($r);
}
is("@told", '', 'small hold: nothing of the trace at any cut');

# --- one byte at a time ---------------------------------------------------------

rows(
    { name => 'one byte a brigade, fatal', path => '/split/fatal.html?each=1', status => 500, page => 1, record => { class => 'code', action => 'replaced' } },
    { name => 'one byte a brigade, notice', path => '/split/notice.html?each=1', status => 200, page => 0,
      has => ['AWAL-HALAMAN', 'AKHIR-HALAMAN'], hasnt => ['Warning'], record => { action => 'excised' } },
    { name => 'seven bytes, python', path => '/split/python.html?each=7', status => 500, page => 1 },
    { name => 'one byte, UTF-16', path => '/split/utf16.html?each=1', status => 500, page => 1 },
);

sub chunked { my ($n, $body) = @_; my $out = ''; while (length $body) { my $p = substr $body, 0, $n, ''; $out .= sprintf("%x\r\n", length $p) . "$p\r\n" } return "${out}0\r\n\r\n" }

my $chunk_head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n";
my $end = "Connection: close\r\n\r\n";
rawd('one-byte-chunks', ['send64', b64($chunk_head . $end . chunked(1, $head . $fatal . $tail))]);
rawd('one-byte-sends', ['split', b64(http_raw('200 OK', 'text/html', $head . $fatal . $tail)), 1, 1]);
rawd('slow-fatal', ['send64', b64("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n$head")], ['sleep', 300], ['send64', b64($fatal)], ['sleep', 300], ['send64', b64($tail)]);
rawd('slow-late', ['send64', b64("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n$head" . substr $fatal, 0, 10)], ['sleep', 2500],
    ['send64', b64(substr $fatal, 10)], ['sleep', 100], ['send64', b64($tail)]);
rawd('trailer', ['send64', b64($chunk_head . "Trailer: X-Debug-Jejak, X-Jumlah\r\n" . $end . "5\r\nhalo\n\r\n0\r\nX-Debug-Jejak: KANARI-BOCOR\r\nX-Jumlah: 1\r\n\r\n")]);
rawd('no-length', ['send64', b64("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n$head$notice$tail")]);
rawd('http10', ['send64', b64("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n$head$fatal$tail")]);
rawd('100kb', ['send64', b64("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n$head")], ['fill', 'x', 100_000], ['send64', b64($fatal . $tail)]);
rawd('100kb-length', ['send64', b64("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " . (length($head . $fatal . $tail) + 100_000) . "\r\nConnection: close\r\n\r\n$head")],
    ['fill', 'x', 100_000], ['send64', b64($fatal . $tail)]);
rawd('100kb-notice', ['send64', b64("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " . (length($head . $notice . $tail) + 100_000) . "\r\nConnection: close\r\n\r\n$head")],
    ['fill', 'x', 100_000], ['send64', b64($notice . $tail)]);
rawd('endless', ['send64', b64("HTTP/1.1 500 Galat\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n$head")], ['fill', 'x', 6_000_000], ['send64', b64($fatal)], ['hang']);

rows(
    { name => 'one-byte chunks', path => '/raw/one-byte-chunks', status => 500, page => 1, record => { class => 'code' } },
    { name => 'one-byte sends', path => '/raw/one-byte-sends', status => 500, page => 1, record => { class => 'code' } },
    { name => 'slowly', path => '/raw/slow-fatal', status => 500, page => 1, record => { class => 'code' } },
    { name => 'pause within the signature', path => '/raw/slow-late', status => qr/^(?:200|500)$/, hasnt => ['AKHIR-HALAMAN', 'Fatal error'], record => { class => 'code', action => qr/^(?:replaced|aborted)$/ } },
    { name => 'trailer that tells', path => '/raw/trailer', status => 200, has => ['halo'], hasnt => ['X-Debug-Jejak: '] },
    { name => 'no length', path => '/raw/no-length', status => 200, has => ['AKHIR-HALAMAN'], hasnt => ['Warning'], record => { action => 'excised' } },
    { name => 'HTTP/1.0 backend', path => '/raw/http10', status => 500, page => 1, record => { class => 'code' } },
    { name => 'HTTP/1.0 visitor', path => '/raw/http10', get => { http => '1.0' }, status => 500, page => 1 },
    { name => '100 KB before, hold large enough', path => '/g-hold256k/raw/100kb', status => 500, page => 1, record => { action => 'replaced', leak_sent => qr/^0?$/ } },
    { name => '100 KB before, chunked', path => '/raw/100kb', status => 200, hasnt => ['Fatal error', 'AKHIR-HALAMAN'],
      also => sub { ok(!$_[0]{complete}, "$_[1]: not complete") }, record => { action => 'aborted', status_in => 200 } },
    { name => '100 KB before, with a length', path => '/raw/100kb-length', status => 200, hasnt => ['Fatal error', 'AKHIR-HALAMAN'],
      also => sub { ok(!$_[0]{complete}, "$_[1]: not complete") }, record => { action => 'aborted' } },
    { name => '100 KB before a notice, with a length', path => '/raw/100kb-notice', status => 200, has => ['AKHIR-HALAMAN'], hasnt => ['Warning', 'on line'],
      also => sub { is(length $_[0]{body}, $_[0]->h('Content-Length'), "$_[1]: as long as it said") }, record => { action => 'blanked' } },
    { name => 'a 500 that does not end', path => '/raw/endless', status => 500, page => 1, record => { status_in => 500 } },
);

# The part of a leak that had left before it could be known is counted: a
# traceback whose end comes only after the visitor's bytes were flushed.
rawd('partly', ['send64', b64("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n" . "isi\n" x 500)], ['sleep', 1500],
    map({ (['send64', b64($_)], ['sleep', 700]) } split /(?<=\n)/, $python), ['send', "selesai\n"]);
my $r = get('/g-hold0/raw/partly');
my $record = record_of(ref_of($r));
my $out = $r->{body};
ok($record, 'a traceback line by line: recorded');
is($record->{status_in}, 200, 'its status') if $record;
unlike($out, qr/raise ValueError/, 'the visitor did not get the body of the traceback');
my $sent = $out =~ /(Traceback.*)/s ? length $1 : 0;
is($record->{leak_sent} // 0, $sent, 'leak_sent is what the visitor has of it');

# --- compressed ---------------------------------------------------------------------

sub deflate_raw { my ($d) = Compress::Zlib::deflateInit(-WindowBits => -Compress::Zlib::MAX_WBITS()); my $a = $d->deflate($_[0]); return $a . $d->flush }
sub brotli { my $f = "$ENV{SPBE_W}/run/br.$$"; spew($f, $_[0]); my $o = `brotli -c $f 2>/dev/null`; unlink $f; return $o }

my $fatal_page = $head . $fatal . $tail;
my $notice_page = $head . $notice . $tail;
srand 7;
my $pad = join '', map { chr(33 + int rand 90) } 1 .. 3000;
my $bomb = Compress::Zlib::memGzip("\0" x 60_000_000);
my %body = (
    gzip => [gzip => Compress::Zlib::memGzip($fatal_page)],
    'x-gzip' => ['x-gzip' => Compress::Zlib::memGzip($fatal_page)],
    deflate => [deflate => Compress::Zlib::compress($fatal_page)],
    'deflate-raw' => [deflate => deflate_raw($fatal_page)],
    'gzip-multi' => [gzip => Compress::Zlib::memGzip($head) . Compress::Zlib::memGzip($fatal) . Compress::Zlib::memGzip($tail)],
    'gzip-called-deflate' => [deflate => Compress::Zlib::memGzip($fatal_page)],
    'plain-called-gzip' => [gzip => $fatal_page],
    'gzip-unlabelled' => ['' => Compress::Zlib::memGzip($fatal_page)],
    'gzip-truncated' => [gzip => substr(Compress::Zlib::memGzip($fatal . $pad), 0, -200)],
    'gzip-twice' => ['gzip, gzip' => Compress::Zlib::memGzip(Compress::Zlib::memGzip($fatal_page))],
    'gzip-identity' => ['gzip, identity' => Compress::Zlib::memGzip($fatal_page)],
    'gzip-then-garbage' => [gzip => Compress::Zlib::memGzip($head) . $fatal],
);
my $have_brotli = length brotli($fatal_page);
$body{br} = [br => brotli($fatal_page)] if $have_brotli;
diag('skipped: the brotli program is not installed') unless $have_brotli;
rows(map {
    my ($label, $bytes) = @{ $body{$_} };
    my $script = rawd("enc-$_", ['send64', b64(http_raw('200 OK', 'text/html', $bytes, $label ? "Content-Encoding: $label" : ()))]);
    { name => "encoded: $_", path => "/raw/$script", get => { headers => [['Accept-Encoding', 'gzip, deflate, br']] }, status => 500, page => 1,
      also => sub { my $b = Compress::Zlib::memGunzip(my $c = $_[0]{body}); ok(!defined $b || hidden($b), "$_[1]: nor inside") },
      record => { class => 'code', action => 'replaced' } }
} sort keys %body);

# A notice in a compressed page: cut out of what the visitor decompresses.
for my $case ([gzip => sub { Compress::Zlib::memGzip($_[0]) }], [deflate => sub { Compress::Zlib::compress($_[0]) }], $have_brotli ? [br => \&brotli] : ()) {
    my ($name, $code) = @$case;
    rawd("notice-$name", ['send64', b64(http_raw('200 OK', 'text/html', $code->($notice_page), "Content-Encoding: $name"))]);
    my $r = get("/raw/notice-$name", headers => [['Accept-Encoding', 'gzip, deflate, br']]);
    is($r->{status}, 200, "$name notice: status");
    my $enc = $r->h('Content-Encoding') // '';
    my $text = $enc eq 'gzip' ? Compress::Zlib::memGunzip(my $c = $r->{body}) : $enc eq 'deflate' ? Compress::Zlib::uncompress($r->{body})
        : $enc eq 'br' ? do { my $f = "$ENV{SPBE_W}/run/br2.$$"; spew($f, $r->{body}); my $o = `brotli -dc $f`; unlink $f; $o } : $r->{body};
    like($text // '', qr/AWAL-HALAMAN.*AKHIR-HALAMAN/s, "$name notice: the page is whole");
    ok(hidden($text // 'KANARI_BOCOR'), "$name notice: the warning is not in it");
}

# clean compressed bodies keep every byte
for my $name (sort grep { $_ ne 'gzip-truncated' } keys %body) {
    my ($label) = $body{$name}[0];
    my $clean = $name =~ /deflate-raw/ ? deflate_raw($head . $tail) : $label eq 'br' ? brotli($head . $tail)
        : $label eq 'deflate' ? Compress::Zlib::compress($head . $tail) : Compress::Zlib::memGzip($head . $tail);
    rawd("clean-$name", ['send64', b64(http_raw('200 OK', 'text/html', $clean, $label ? "Content-Encoding: $label" : (), 'ETag: "a1"'))]);
    my $r = get("/raw/clean-$name");
    ok($r->{status} == 200 && $r->{body} eq $clean && ($r->h('ETag') // '') eq '"a1"' && ($r->h('Content-Encoding') // '') eq $label, "clean $name: byte for byte");
}

rawd('bomb', ['send64', b64("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: " . length($bomb) . "\r\nConnection: close\r\n\r\n")], ['send64', b64($bomb)]);
my $before = time;
$r = get('/raw/bomb', timeout => 20);
ok($r->{status} == 200 || $r->{status} == 500, 'a bomb: answered');
cmp_ok(time - $before, '<', 8, 'a bomb: soon');
is(get('/raw/enc-gzip')->{status}, 500, 'after the bomb the server still watches');

# httpd's own compression comes after us
rawd('clean-long', ['send64', b64(http_raw('200 OK', 'text/html', '<p>halaman</p>' x 5000))]);
rows(
    { name => 'SetOutputFilter DEFLATE', path => '/g-deflate/raw/no-length', get => { headers => [['Accept-Encoding', 'gzip']] }, status => 200, header => { 'Content-Encoding' => 'gzip' },
      also => sub { my $t = Compress::Zlib::memGunzip(my $c = $_[0]{body}) // ''; like($t, qr/AWAL.*AKHIR/s, "$_[1]: whole"); ok(hidden($t), "$_[1]: cut") } },
    { name => 'DEFLATE, page', path => '/g-deflate/split/fatal.html', get => { headers => [['Accept-Encoding', 'gzip']] }, status => 500,
      also => sub { my $enc = $_[0]->h('Content-Encoding') // ''; my $t = $enc eq 'gzip' ? Compress::Zlib::memGunzip(my $c = $_[0]{body}) : $_[0]{body};
                    like($t // '', $REF, "$_[1]: our page, compressed or not"); ok(hidden($t // ''), "$_[1]: no leak") } },
    { name => 'FilterDeclare DEFLATE', path => '/g-declared/split/fatal.html', get => { headers => [['Accept-Encoding', 'gzip']] }, status => 500,
      also => sub { my $enc = $_[0]->h('Content-Encoding') // ''; my $t = $enc eq 'gzip' ? Compress::Zlib::memGunzip(my $c = $_[0]{body}) : $_[0]{body};
                    like($t // '', $REF, "$_[1]: our page, compressed or not"); ok(hidden($t // ''), "$_[1]: no leak") } },
    { name => 'FilterDeclare DEFLATE, clean', path => '/g-declared/raw/clean-long', get => { headers => [['Accept-Encoding', 'gzip']] }, status => 200, header => { 'Content-Encoding' => 'gzip' },
      also => sub { my $t = Compress::Zlib::memGunzip(my $c = $_[0]{body}) // ''; ok($t eq '<p>halaman</p>' x 5000, "$_[1]: whole") } },
    { name => 'substitute comes before us', path => '/g-substitute/raw/no-length', status => 200, has => ['AKHIR-HALAMAN'], hasnt => ['Warning'] },
);

# --- charsets -----------------------------------------------------------------------

my %wide = (
    'utf-16le, BOM' => ['text/html', "\xff\xfe" . Encode::encode('UTF-16LE', $fatal_page)],
    'utf-16be, BOM' => ['text/html', "\xfe\xff" . Encode::encode('UTF-16BE', $fatal_page)],
    'utf-16le, declared' => ['text/html; charset=utf-16le', Encode::encode('UTF-16LE', $fatal_page)],
    'utf-16, declared' => ['text/html; charset="UTF-16"', "\xff\xfe" . Encode::encode('UTF-16LE', $fatal_page)],
    'latin-1' => ['text/html; charset=iso-8859-1', Encode::encode('ISO-8859-1', "<p>caf\xe9 \xa7</p>" . $fatal_page)],
    'windows-1252' => ['text/html; charset=windows-1252', "<p>\x93kutip\x94</p>" . $fatal_page],
    'utf-8, BOM' => ['text/html; charset=utf-8', "\xef\xbb\xbf" . $fatal_page],
    'broken utf-8' => ['text/html; charset=utf-8', "\xff\xc0\x80" . $fatal_page],
    'NUL bytes before' => ['text/html', "\0\0\0" . $fatal_page],
);
rows(map {
    (my $name = $_) =~ s/\W+/-/g;
    my $script = rawd("charset-$name", ['send64', b64(http_raw('200 OK', @{ $wide{$_} }))]);
    { name => "charset: $_", path => "/raw/$script", status => 500, page => 1, record => { class => 'code', exception => qr/RuntimeException/ } }
} sort keys %wide);

# --- keep-alive after an abort ----------------------------------------------------------

my $conn = connection('main');
$r = get('/raw/100kb', via => $conn);
ok(!$r->{complete}, 'aborted on a kept connection: not complete');
ok($r->{end} ne 'timeout', '... and closed, so that nothing can follow');
$conn = connection('main');
is(get('/split/fatal.html', via => $conn)->h('Connection'), 'close', 'a 500 ends the connection, as httpd has it');
rawd('leak404', ['send64', b64(http_raw('404 Not Found', 'text/html', $fatal_page))]);
$conn = connection('main');
$r = get('/raw/leak404', via => $conn);
ok($r->{status} == 404 && $r->{body} =~ $REF, 'a replaced 404 on a kept connection');
is(get('/halaman/bersih.html', via => $conn)->{status}, 200, '... and the next request on it');
is(get('/split/notice.html', via => $conn)->{status}, 200, '... and an excised one');
$r = get('/halaman/bersih.html', via => $conn);
is($r->{body}, slurp("$ENV{SPBE_ROOT}/htdocs/halaman/bersih.html"), '... and the one after that, in step');
is(get('/raw/leak404', via => $conn, body => 'a=b' x 50000)->{status}, 404, '... and a body that the failing page did not read');
is(get('/halaman/bersih.html', via => $conn)->{status}, 200, '... still in step');

# --- long bodies in pieces of every awkward size, byte for byte -------------------------

my $line = 0;
my $text = "<!DOCTYPE html>\n";
$text .= sprintf "<p>baris %d %08x %s</p>\n", $line, $line * 2654435761 % 2**32, 'abcdefghij' x ($line++ % 7) while length $text < 400_000;
my $middle = index $text, '<p>', 200_000;
my ($front, $back) = (substr($text, 0, $middle), substr $text, $middle);
my @long = (
    # name, file, bytes, what is right, unpacked how
    ['clean', 'utuh.html', $text, sub { $_[0] eq $text }],
    ['clean with a rest', 'utuh-sisa.html', substr($text, 0, 48 * 8192 + 100), sub { $_[0] eq substr($text, 0, 48 * 8192 + 100) }],
    ['clean, gzip', 'utuh.gzx', Compress::Zlib::memGzip($text), sub { $_[0] eq $text }],
    ['notice', 'potong.html', $front . $notice . $back, sub { $_[0] =~ /\A\Q$front\E(?:\s|<br ?\/?>)*\Q$back\E\z/ }],
    ['notice, gzip', 'potong.gzx', Compress::Zlib::memGzip($front . $notice . $back), sub { $_[0] =~ /\A\Q$front\E(?:\s|<br ?\/?>)*\Q$back\E\z/ }],
);
for my $case (@long) {
    my ($name, $file, $bytes, $right) = @$case;
    my $path = sample("panjang-$file", $bytes);
    my @wrong;
    for my $under ('', '/g-hold0', '/g-hold1k', '/g-hold256k', '/g-detect', '/g-deflate') {
        next if $under eq '/g-detect' && $name =~ /notice/ || $under eq '/g-deflate' && $file =~ /gzx/;
        for my $each (100, 2047, 2048, 3000, 8192) {
            my $r = get("$under$path?each=$each", headers => [['Accept-Encoding', 'gzip']]);
            my $got = ($r->h('Content-Encoding') // '') =~ /gzip/ ? Compress::Zlib::memGunzip(my $c = $r->{body}) // '' : $r->{body};
            # a notice within a fixed length or behind compressed bytes that have left may also end the response
            my $cut = $name =~ /gzip/ && $name =~ /notice/ && !$r->{complete} && hidden($got);
            push @wrong, "$under each=$each" unless $r->{status} == 200 && ($right->($got) || $cut);
        }
    }
    is(join(', ', @wrong), '', "400 KB, $name: byte for byte in every size of piece");
}

# two requests at once on one connection
$conn = connection('main');
$conn->send_raw(join '', map { "GET $_ HTTP/1.1\r\nHost: x\r\nX-Test-Id: pipa-$$\r\n\r\n" } '/raw/leak404', '/halaman/bersih.html', '/raw/leak404', '/halaman/bersih.html');
my @four = map { $conn->response('GET') } 1 .. 4;
is(join(' ', map { $_->{status} } @four), '404 200 404 200', 'four pipelined requests');
ok(hidden(join '', map { $_->{wire} } @four), '... nothing leaks');
is($four[1]{body}, slurp("$ENV{SPBE_ROOT}/htdocs/halaman/bersih.html"), '... and each has its own body');

done_testing;
