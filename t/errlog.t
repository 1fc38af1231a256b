# SPDX-License-Identifier: Apache-2.0
# The reference in access and error log; error-log lines in the record, long
# ones joined; the ids of the guard's own lines.
use strict;
use warnings FATAL => 'all';
use JSON::PP ();
use SPBE::Test;
use Test::More;

my $json = JSON::PP->new->utf8;
sub lines { my $r = shift; return ref $r->{log_lines} ? join("\n", @{ $r->{log_lines} }) : $r->{log_lines} // '' }

# one reference everywhere
for my $path ('/status?500', '/down/x', '/cgi/die.pl', '/tidak/ada', $ENV{SPBE_FPM} ? '/php-off/exception.php' : ()) {
    my $r = get($path);
    my $ref = $r->h('X-Request-Ref');
    my $line = access_line($r);
    is($line->{ref}, $ref, "$path: %{SPBE_REF}e of the access log");
    is($line->{log}, $ref, "$path: %L of the access log");
    is($line->{status}, $r->{status}, "$path: the status that was shown");
    next if $path =~ /status|tidak/;
    like(slurp(error_log()), qr/\[log \Q$ref\E\]/, "$path: %L of the error log");
}
like(access_line(get('/halaman/bersih.html'))->{log}, qr/^(?:$REF)?$/, 'a clean page: a reference or nothing');
my $plain = access_line(get('/status?500', vhost => 'plain'));
unlike($plain->{ref}, $REF, 'engine off: no reference');

# the lines of the request, and of no other
my $down = record_of(get('/down/x')->h('X-Request-Ref'));
like(lines($down), qr/AH0\d{4}/, 'mod_proxy: its lines');
my @own = map { record_of(get('/down/x')->h('X-Request-Ref')) } 1 .. 3;
is(join(' ', map { scalar(() = lines($_) =~ /AH01114/g) } @own), '1 1 1', 'each record has its own lines');
SKIP: {
    skip 'mod_cgid writes past httpd: no lines to join', 2 if $ENV{SPBE_MPM} eq 'event';
    my $r = record_of(get('/cgi/stderr.pl')->h('X-Request-Ref'));
    like(lines($r), qr/KANARI-BOCOR baris pertama/, 'CGI: the first line of standard error');
    like(lines($r), qr/AKHIR-STDERR/, 'CGI: the last one, after 20 KB');
}
SKIP: {
    skip 'PHP-FPM is not installed', 5 unless $ENV{SPBE_FPM};
    my $r = record_of(get('/php-off/exception.php')->h('X-Request-Ref'));
    like(lines($r), qr/PHP Fatal error:  Uncaught RuntimeException/, 'FPM: its line');
    like(lines($r), qr/LayananPerizinan->simpan/, 'FPM: the trace in it');
    $r = record_of(get('/php-off/stderr.php')->h('X-Request-Ref'));
    like(lines($r), qr/KANARI-BOCOR panjang/, 'FPM: the beginning of 6 KB');
    like(lines($r), qr/AKHIR-PESAN/, 'FPM: the end of it');
    like($r->{exception} // '', qr/RuntimeException/, 'FPM: the exception over the seam');
}
# a failure that says nothing: which setting would bring a trace
my $none = record_of(get('/status?500')->h('X-Request-Ref'));
like($none->{hint} // '', qr/trace/, 'no trace: said');
SKIP: {
    skip 'PHP-FPM is not installed', 1 unless $ENV{SPBE_FPM};
    like(record_of(get('/php-off/notrace.php')->h('X-Request-Ref'))->{hint} // '', qr/log_errors|log_limit/, 'no trace from PHP: which setting brings it');
}
# one safe line with client and reference for a refusal, for fail2ban
my $r = get('/halaman/.env');
like(slurp(error_log()), qr/\[client 127\.0\.0\.1[^\]]*\] \[log \Q@{[$r->h('X-Request-Ref')]}\E\] SG\d{4}: /, 'a refusal: one line with id, client and reference');
unlike(slurp(error_log()), qr/SG\d{4}:[^\n]*KANARI/, 'the guard itself writes no detail into the error log');

done_testing;
