# SPDX-License-Identifier: Apache-2.0
# A body that was read for the check reaches every kind of handler byte for
# byte: by whatever way the request comes to it.
use strict;
use warnings FATAL => 'all';
use SPBE::Body;
use SPBE::Test;
use Test::More;

frameworks();
rawd('gema', ['gema']);

my @handlers = (
    # name, path, needs, chunked bodies also reach it without the guard
    ['CGI', '/cgi/gema.pl'],
    ['Action', '/aksi/apa-saja'],
    ['proxy', '/raw/gema'],
    ['PHP-FPM', '/php-gema/gema.php', 'SPBE_FPM'],
    ['mod_php', '/php-mod-gema/gema.php', 'prefork'],
    ['.htaccess', '/kerangka/layanan/izin', 'SPBE_FPM'],
    ['FallbackResource', '/cadangan/layanan/izin', 'SPBE_FPM'],
    ['DirectoryIndex', '/indeks/', 'SPBE_FPM'],
);
@handlers = grep { !$_->[2] || ($_->[2] eq 'prefork' ? $ENV{SPBE_MPM} eq 'prefork' && -e '/usr/lib/apache2/modules/libphp8.2.so' : $ENV{ $_->[2] }) } @handlers;

my @bodies = (
    (map { ["form of $_", form($_), 'application/x-www-form-urlencoded'] } 1, 100, 8191, 8192, 8193, 65_535, 65_536, 65_537, 200_001, 1_048_576),
    (map { ["JSON of $_", json_body($_), 'application/json'] } 2, 1000, 65_536, 65_600, 900_000),
    (map { ["multipart of $_", multipart($_)] } 0, 1000, 65_000, 300_000, 5_000_000),
);

# --- every body to every handler, with a length and in chunks --------------------

sub differs {
    my ($r, $body, $chunks) = @_;
    my $got = gema($r);
    return "$r->{status}: " . ($got->{error} // substr $r->{body}, 0, 200) if $got->{error} || !defined $got->{bytes};
    return "got $got->{bytes} bytes for " . length $body if $got->{bytes} != length $body;
    return 'other bytes' if $got->{sha1} ne sha1_hex($body);
    return "method $got->{method}" if $got->{method} ne 'POST';
    return "Content-Length '$got->{length}'" if $got->{length} ne length $body;
    return "Transfer-Encoding '$got->{coding}'" if $got->{coding} ne '';
    return '';
}

for my $handler (@handlers) {
    my ($name, $path) = @$handler;
    my (@wrong, $n);
    for my $body (@bodies) {
        my ($what, $bytes, $type) = @$body;
        my @ways = ([length => 0], ['chunks of 8000' => 8000], ['chunks of 333' => 333]);
        pop @ways if length $bytes > 100_000;
        for my $way (@ways) {
            $n++;
            my $wrong = differs(post($path, $bytes, type => $type, each => $way->[1]), $bytes);
            push @wrong, "$what, $way->[0]: $wrong" if $wrong;
        }
    }
    is(join("\n", @wrong[0 .. ($#wrong < 3 ? $#wrong : 3)]), '', "$name: $n bodies, byte for byte, and the length with them");
}

# no body at all, and an empty one
for my $handler (@handlers) {
    my ($name, $path) = @$handler;
    is(gema(post($path, ''))->{bytes}, 0, "$name: a body of no bytes");
    is(gema(post($path, '', each => 10))->{bytes}, 0, "$name: the last chunk alone");
    is(gema(get($path))->{bytes}, 0, "$name: a GET");
}

# PHP's own reading of a form with files
SKIP: {
    skip 'PHP-FPM is not installed', 2 unless $ENV{SPBE_FPM};
    for my $size (10, 500_000) {
        my ($bytes, $type) = multipart($size);
        my ($guarded, $plain) = map { post('/php-off/formulir.php', $bytes, type => $type, vhost => $_) } 'main', 'plain';
        is($guarded->{body}, $plain->{body}, "PHP's \$_POST and \$_FILES, file of $size bytes");
    }
}

# a body larger than a form may be, where the administrator allows it
for my $body (['form', form(5_000_000)], ['JSON', json_body(5_000_000), 'application/json']) {
    my ($what, $bytes, $type) = @$body;
    my $r = post('/g-bodi8m/raw/gema', $bytes, type => $type || 'application/x-www-form-urlencoded', headers => []);
    # one value has its own limit
    my $want = $what eq 'form' ? '' : $r->{status} == 400 ? 'limit' : '';
    $want ? is($want, 'limit', "$what of 5 MB: value-length is another limit") : is(differs($r, $bytes), '', "$what of 5 MB under SpbeGuardBodyLimit 8M");
}

# --- every way in which a handler may read ---------------------------------------

for my $how ('line', 'all', 'bytes,1', 'bytes,100', 'bytes,8192', 'bytes,65536', 'bytes,1000000', 'look,10', 'look,5000') {
    my @wrong;
    my $lines = "[\n" . join('', map { '"' . 'x' x ($_ % 90) . qq(",\n) } 1 .. how_long($how) / 60) . "0]\n";
    for my $body (['short', 'a=1'], ['lines', $lines, 'application/json'], ['100', form(100)], ['8192', form(8192)], ['long', form(how_long($how))], ['multipart', multipart(how_long($how))]) {
        my ($name, $bytes, $type) = @$body;
        for my $each (0, 900) {
            my $r = post("/baca?$how", $bytes, type => $type // 'application/x-www-form-urlencoded', each => $each);
            my ($said, $got) = split /\n/, $r->{body}, 2;
            push @wrong, "$name, $each: $said" if ($said // '') ne 'rv=0 eos=1 over=0 wrong=0';
            push @wrong, "$name, $each: other bytes" if ($got // '') ne $bytes;
        }
    }
    is(join("\n", @wrong), '', "read by $how: all bytes, one end");
}

# byte by byte takes its time
sub how_long { return $_[0] eq 'bytes,1' ? 3000 : $_[0] =~ /bytes,100|look,10/ ? 30_000 : 200_000 }

# a module that reads the body in fixups
for my $size (100, 100_000) {
    for my $path ('/cgi/gema.pl', '/kerangka/izin') {
        next if $path =~ /kerangka/ && !$ENV{SPBE_FPM};
        my $bytes = form($size);
        my $r = post($path, $bytes, headers => [['X-Test-Fixup', 1]]);
        is($r->h('X-Fixup'), "0 $size", "$path: a module reads $size bytes in fixups") if $path =~ /cgi/;
        is(gema($r)->{sha1}, sha1_hex($bytes), "$path: ... and the handler gets them as well");
    }
}

# --- what the request was before, it is behind the guard -----------------------------

my $r = post('/raw/gema?a=1&b=2', 'c=3', each => 2, headers => [['X-Lain', 'ya'], ['Cookie', 's=1']]);
my $got = gema($r);
is($got->{line}, 'POST /gema?a=1&b=2 HTTP/1.1', 'proxy: the request line');
is($got->{fields}{'x-lain'}, 'ya', 'proxy: other fields');
ok(!exists $got->{fields}{'transfer-encoding'}, 'proxy: no Transfer-Encoding beside the length');

# --- a CGI that redirects within the server -------------------------------------------

for my $path ('/cgi/pindah-lokal.pl', '/cgi/pindah-langsung.pl') {
    my ($guarded, $plain) = map { gema(post($path, form(100_000), vhost => $_)) } 'main', 'plain';
    is($guarded->{query}, $path =~ /lokal/ ? 'dibaca=100000' : 'dibaca=0', "$path: reached its target");
    delete $_->{uri} for $guarded, $plain;
    is_deeply($guarded, $plain, "$path: the target sees what it sees without the guard");
}

# --- an ErrorDocument script is not given the body again ---------------------------------

for my $case (['a handler that did not read it', '/galat-skrip/status?500'], ['httpd itself', '/galat-skrip/tidak-ada'], ['a script that read it', '/galat-skrip/baca-mati.pl']) {
    my ($name, $path) = @$case;
    for my $size (50, 300_000) {
        my $got = gema(post($path, form($size)));
        is_deeply([@$got{qw(how bytes)}], ['cgi', 0], "ErrorDocument after $name: no second body ($size bytes)") or diag explain $got;
    }
}

# --- Expect: 100-continue -------------------------------------------------------------------

sub expect {
    my ($path, $bytes, %o) = @_;
    my $c = connection('main', timeout => 8);
    $c->send_raw("POST $path HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Test-Id: expect-$$-" . int(rand 1e9) . "\r\nExpect: 100-continue\r\nContent-Type: " . ($o{type} || 'application/x-www-form-urlencoded') . "\r\nContent-Length: " . length($bytes) . "\r\n\r\n");
    my $got = '';
    my $until = time + 6;
    while ($got !~ /\r\n\r\n/ && time < $until) { sysread($c->{sock}, my $b, 4096) or last; $got .= $b }
    return ($got, $c);
}
for my $path ('/cgi/gema.pl', '/raw/gema') {
    my $bytes = form(70_000);
    my ($interim, $c) = expect($path, $bytes);
    like($interim, qr{^HTTP/1\.1 100 }, "Expect, $path: told to go on");
    $c->send_raw($bytes);
    is(differs($c->response('POST'), $bytes), '', "Expect, $path: the body");
    $c->send_raw("GET /halaman/bersih.html HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Test-Id: expect-next-$$\r\n\r\n");
    is($c->response('GET')->{status}, 200, "Expect, $path: the connection goes on");
}

# --- several requests on one connection --------------------------------------------------------

my $c = connection('main', timeout => 8);
my @three = (form(10), form(70_000), form(9000));
$c->send_raw(join '', map { "POST /raw/gema HTTP/1.1\r\nHost: x\r\nX-Test-Id: pipa-$$\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " . length($_) . "\r\n\r\n$_" } @three);
is(differs($c->response('POST'), $_), '', 'pipelined bodies of ' . length) for @three;

done_testing;
