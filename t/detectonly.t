# SPDX-License-Identifier: Apache-2.0
# DetectOnly: no byte, status or header changes; everything is recorded.
use strict;
use warnings FATAL => 'all';
use Compress::Zlib ();
use SPBE::Test;
use Test::More;

my $fatal = "<b>Fatal error</b>:  Uncaught RuntimeException: KANARI-BOCOR in /srv/apps/php/a.php:3\nStack trace:\n#0 {main}\n  thrown in <b>/srv/apps/php/a.php</b> on line <b>3</b><br />\n";
my @head = ('X-Powered-By: Express', 'X-Debug-Token: abc', 'ETag: "a"', 'Set-Cookie: a=1', 'Accept-Ranges: bytes', 'Cache-Control: max-age=5');
my %script = (
    '200-bersih' => ['200 OK', '<p>halaman</p>'], '200-jejak' => ['200 OK', "<p>x</p>$fatal"], '500-jejak' => ['500 Galat Sendiri', $fatal], '500-kosong' => ['500 Galat', ''],
    '404-jejak' => ['404 Tidak Ada', $fatal], '503-bersih' => ['503 Sibuk', '<p>sibuk</p>', 'Retry-After: 5'], '599' => ['599 Aneh', $fatal], '206' => ['206 Partial Content', $fatal, 'Content-Range: bytes 0-9/10'],
    'peringatan' => ['200 OK', "<p>a</p><br />\n<b>Warning</b>:  Undefined variable KANARI_BOCOR in <b>/srv/apps/php/a.php</b> on line <b>31</b><br />\n<p>b</p>"],
    'besar' => ['200 OK', 'x' x 150_000 . $fatal . 'y' x 150_000],
    'gzip' => ['200 OK', Compress::Zlib::memGzip("<p>x</p>$fatal"), 'Content-Encoding: gzip'],
);

my %volatile = map { $_ => 1 } qw(date);

sub shape {
    my $r = shift;
    my @lines = map { "$_->[0]: $_->[1]" } grep { !$volatile{ lc $_->[0] } } @{ $r->{headers} };
    s/$ENV{SPBE_DETECT}|$ENV{SPBE_PLAIN}/PORT/g for @lines;
    return join "\n", "$r->{version} $r->{status} $r->{reason}", @lines;
}

# Same request to the watched and to the unguarded server; a record if $record.
sub watch {
    my ($path, $record, %o) = @_;
    my $label = ($o{method} || 'GET') . " $path";
    my ($watched, $plain) = (get($path, %o, vhost => 'detect'), get($path, %o, vhost => 'plain'));
    is(shape($watched), shape($plain), "$label: status and headers, in their order");
    s/$ENV{SPBE_DETECT}|$ENV{SPBE_PLAIN}/PORT/g for my ($a, $b) = ($watched->{body}, $plain->{body});
    ok($a eq $b, "$label: body, " . length($b) . ' bytes');
    is($watched->{complete}, $plain->{complete}, "$label: as complete");
    return $watched unless $record;
    my $r = record_of(access_line($watched)->{ref});
    ok($r, "$label: recorded") or return $watched;
    $record->{action} //= $path =~ /g-ed-/ ? 'passed|logged' : 'logged';
    like($r->{$_} // '', qr/^(?:$record->{$_})$/, "$label: record $_") for sort keys %$record;
    return $watched;
}

my @clean;
for my $name (sort keys %script) {
    my ($status, $body, @more) = @{ $script{$name} };
    rawd("amati-$name", ['send64', b64(http_raw($status, 'text/html', $body, @head, @more))]);
    my ($code) = $status =~ /^(\d+)/;
    my $r = watch("/raw/amati-$name", $name eq '200-bersih' ? undef : { kind => $name eq '503-bersih' ? 'notice|error' : 'error', status_in => $code, status_out => $code, application => 'Layanan Diamati' });
    push @clean, $r if $name eq '200-bersih';
}
watch('/raw/amati-500-jejak', { method => 'HEAD' }, method => 'HEAD');
watch('/status?500', { kind => 'error', status_in => 500 });
watch('/status?502', { kind => 'error' });
watch('/tidak/ada', undef);
watch('/terlarang', undef);
watch('/bucket?502', undef);
watch('/down/x', { class => 'upstream' });
watch('/cgi/die.pl', { kind => 'error' });
watch('/g-ed-static/status?500', { kind => 'error', status_in => 500 });
watch('/g-ed-luar/status?500', { kind => 'error' });
watch('/halaman/manual.html', undef);
push @clean, watch('/berkas-lain', undef);
if ($ENV{SPBE_FPM}) {
    watch('/php-off/exception.php', { class => 'code', exception => '.*RuntimeException' });
    watch('/php-on/exception.php', { class => 'code', status_in => 200 });
    watch('/php-on/warning.php', { severity => 'notice' });
    watch('/php-off/headers.php', { kind => 'error' });
    watch('/ssi/jejak.shtml', { kind => 'error' });
    push @clean, watch('/php-on/index.php?n=1', undef);
}
watch('/django/x', undef);
no_records('DetectOnly, clean pages', $clean[0], $ENV{SPBE_FPM} ? $clean[-1] : ());

# Streams are not delayed either.
rawd('amati-acara', ['send', "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<p>satu</p>"], ['sleep', 1200], ['send', '<p>dua</p>']);
my $r = get('/raw/amati-acara', vhost => 'detect');
my ($first) = @{ $r->{times} };
cmp_ok($r->{times}[-1][0] - $first->[0], '>', 0.8, 'the first bytes of a slow page are not held back');

# DetectOnly in one location of a guarded server.
rows(
    { name => 'location in DetectOnly', path => '/g-detect/raw/amati-500-jejak', status => 500, page => 0, leaks => 1, has => ['KANARI-BOCOR'], header => { 'X-Powered-By' => 'Express' }, record => { action => 'logged' } },
    { name => 'the same location, guarded', path => '/raw/amati-500-jejak', status => 500, page => 1 },
);

done_testing;
