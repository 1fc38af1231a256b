# SPDX-License-Identifier: Apache-2.0
# Request bodies of every kind and size, ways to send them, and handlers that
# say what reached them.
package SPBE::Body;

use strict;
use warnings FATAL => 'all';
use Digest::SHA qw(sha1_hex);
use Exporter 'import';
use JSON::PP ();
use SPBE::Test;

our @EXPORT = qw(form json_body multipart octets chunked post gema frameworks sha1_hex);

# A form of exactly that many bytes, in values of at most 60,000.
sub form {
    my $n = shift;
    my ($out, $i) = ('', 0);
    while (length $out < $n) {
        my $left = $n - length $out;
        my $name = ($out eq '' ? '' : '&') . 'isi' . $i++ . '=';
        my $value = $left - length $name;
        if ($value < 0) { $out =~ s/(.)\z/$1 . 'z' x $left/e; last }
        $value = 60_000 if $value > 60_000 && $value - 60_000 > 20;
        $out .= $name . 'a' x $value;
    }
    return $n == 0 ? '' : $n < 5 ? substr('abcd', 0, $n) : $out;
}

# JSON of exactly that many bytes.
sub json_body {
    my $n = shift;
    return $n < 10 ? '1' x $n : '{"isi":"' . 'b' x ($n - 10) . '"}';
}

my $seed = 12345;

# Bytes of every value, always the same.
sub octets {
    my $n = shift;
    my $block = pack 'N*', map { $seed = ($seed * 1103515245 + 12345) & 0x7fffffff } 1 .. 4096;
    return substr $block x (1 + int $n / length $block), 0, $n;
}

# (body, Content-Type): two fields and a file of n octets
sub multipart {
    my $n = shift;
    my $b = '----BatasSPBE7MA4YWxkTrZu0gW';
    my $body = join '', map { "--$b\r\nContent-Disposition: form-data; name=\"$_->[0]\"\r\n\r\n$_->[1]\r\n" } ['nama', "Nur'aini"], ['alamat', 'Jl. A. Yani No. 1/2'];
    $body .= "--$b\r\nContent-Disposition: form-data; name=\"berkas\"; filename=\"data.bin\"\r\nContent-Type: application/octet-stream\r\n\r\n" . octets($n) . "\r\n--$b--\r\n";
    return ($body, "multipart/form-data; boundary=$b");
}

# The same bytes in chunks of that size.
sub chunked {
    my ($body, $each) = @_;
    my $out = '';
    for (my $at = 0; $at < length $body; $at += $each) {
        my $piece = substr $body, $at, $each;
        $out .= sprintf("%x\r\n", length $piece) . "$piece\r\n";
    }
    return "${out}0\r\n\r\n";
}

# post(path, body, type =>, each => chunk size, or with a length; as get())
sub post {
    my ($path, $body, %o) = @_;
    my $type = delete $o{type} // 'application/x-www-form-urlencoded';
    my $each = delete $o{each};
    my @more = @{ delete $o{headers} || [] };
    push @more, ['Content-Type', $type] if length $type;
    if ($each) {
        # get() would tell a length
        my $conn = delete $o{via} || connection($o{vhost}, timeout => $o{timeout});
        my $id = sprintf 'chunk-%d-%d', $$, int rand 1e9;
        my $method = $o{method} || 'POST';
        my $head = "$method $path HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Test-Id: $id\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n";
        $head .= "$_->[0]: $_->[1]\r\n" for @more;
        $conn->send_raw("$head\r\n" . chunked($body, $each));
        my $r = $conn->response($method);
        @$r{qw(id path method)} = ($id, $path, $method);
        return $r;
    }
    return get($path, method => 'POST', %o, body => $body, headers => \@more);
}

# What the handler said that reached it.
sub gema {
    my $r = shift;
    return eval { JSON::PP->new->decode($r->{body}) } || { how => 'none', bytes => -1, sha1 => '', length => '', coding => '', error => "$r->{status} " . substr($r->{wire}, 0, 60) };
}

# Folders whose .htaccess or DirectoryIndex lead everything to one script.
sub frameworks {
    my %htaccess = (
        kerangka => "RewriteEngine On\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule . gema.php [L]\n",
        cadangan => "FallbackResource /cadangan/gema.php\n",
        indeks => '', jaga => '', amati => '', lama => '',
    );
    for my $name (sort keys %htaccess) {
        my $dir = "$ENV{SPBE_ROOT}/htdocs/$name";
        mkdir $dir;
        spew("$dir/.htaccess", $htaccess{$name}) if $htaccess{$name};
        spew("$dir/gema.php", slurp("$ENV{SPBE_ROOT}/apps/php/gema.php"));
    }
}

1;
