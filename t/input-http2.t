# SPDX-License-Identifier: Apache-2.0
# Bodies over HTTP/2: with and without a length, many at once, refused ones.
use strict;
use warnings FATAL => 'all';
use SPBE::Body;
use SPBE::Test;
use Test::More;

plan skip_all => 'mod_http2 does not work under prefork' if $ENV{SPBE_MPM} eq 'prefork';
plan skip_all => 'curl with HTTP/2 is not installed' unless `curl --version 2>/dev/null` =~ /\bHTTP2\b/;

frameworks();
rawd('gema', ['gema']);
my $base = 'http://127.0.0.1:' . port('h2');
my $file = "$ENV{SPBE_W}/run/h2-body.$$";

# (status, body)
sub h2 {
    my ($path, $bytes, $type, $streamed) = @_;
    spew($file, $bytes);
    my @data = $streamed ? ('-X', 'POST', '-T', '-') : ('--data-binary', "\@$file");
    my $quoted = join ' ', map { "'$_'" } 'curl', '-s', '--http2-prior-knowledge', '--max-time', 15, '-w', '\n%{http_code} %{http_version}', '-H', "Content-Type: $type", @data, "$base$path";
    my $out = `$quoted <$file 2>&1`;
    $out =~ s/\n(\d+) (\S+)\z//;
    return { status => $1 // 0, version => $2 // '', body => $out, wire => $out };
}

my @paths = ('/cgi/gema.pl', '/raw/gema', '/aksi/x', $ENV{SPBE_FPM} ? ('/php-gema/gema.php', '/kerangka/izin', '/indeks/') : ());
my @bodies = (
    (map { ["form of $_", form($_), 'application/x-www-form-urlencoded'] } 100, 65_536, 65_537, 1_000_000),
    ['JSON', json_body(3000), 'application/json'],
    (map { ["multipart of $_", multipart($_)] } 1000, 2_000_000),
);
for my $path (@paths) {
    my @wrong;
    for my $body (@bodies) {
        my ($name, $bytes, $type) = @$body;
        for my $streamed (0, 1) {
            my $r = h2($path, $bytes, $type, $streamed);
            my $got = gema($r);
            push @wrong, "$name, $streamed: $r->{status} $got->{bytes} of " . length $bytes if $r->{version} ne '2' || ($got->{sha1} // '') ne sha1_hex($bytes);
            push @wrong, "$name, $streamed: Content-Length $got->{length}, '$got->{coding}'" if $got->{length} ne length $bytes || $got->{coding};
        }
    }
    is(join("\n", @wrong), '', "$path: with and without a length");
}
for my $streamed (0, 1) {
    my $how = $streamed ? 'without a length' : 'with a length';
    is(h2('/raw/gema', 'a=%zz', 'application/x-www-form-urlencoded', $streamed)->{status}, 400, "malformed, $how: 400");
    is(h2('/lama/folder/gema.pl', 'a=%zz', 'application/x-www-form-urlencoded', $streamed)->{status}, 400, "rewritten to a guarded place, $how: 400");
    my $octets = octets(200_000);
    is(gema(h2('/raw/gema', $octets, 'application/octet-stream', $streamed))->{sha1}, sha1_hex($octets), "octets, $how: byte for byte");
    my $long = form(200_000);
    is(gema(h2('/g-bodi1kpass/raw/gema', $long, 'application/x-www-form-urlencoded', $streamed))->{sha1}, sha1_hex($long), "SpbeGuardBodyLimit pass, $how: byte for byte");
}

SKIP: {
    skip 'nghttp (nghttp2-client) is not installed', 3 unless `nghttp --version 2>/dev/null`;
    my $bytes = form(150_000);
    spew($file, $bytes);
    my $out = `nghttp -t 20 -m 30 -H 'content-type: application/x-www-form-urlencoded' -d $file $base/raw/gema 2>&1`;
    my $sha = sha1_hex($bytes);
    is(scalar(() = $out =~ /"sha1": "$sha"/g), 30, 'thirty streams of one connection, each with its body');
    # curl of this age takes the reset behind a whole answer for a failure
    spew($file, form(1_200_000));
    $out = `nghttp -v -t 20 -H 'content-type: application/x-www-form-urlencoded' -d $file $base/raw/gema 2>&1`;
    like($out, qr/:status: 413/, 'too long: 413');
    spew($file, 'a=%zz');
    $out = `nghttp -v -t 20 -m 5 -H 'content-type: application/x-www-form-urlencoded' -d $file $base/raw/gema 2>&1`;
    is(scalar(() = $out =~ /:status: 400/g), 5, 'five refused streams');
}
unlink $file;
done_testing;
