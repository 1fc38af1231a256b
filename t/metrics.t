# SPDX-License-Identifier: Apache-2.0
# SetHandler spbe-guard-metrics: counters that count, in the text format of
# Prometheus, without a word about a visitor.
use strict;
use warnings FATAL => 'all';
use SPBE::Test;
use Test::More;

sub metrics {
    my $r = get('/metrik');
    return ($r, map { /^(spbe_guard_\w+)(?:\{[^}]*\})? (\S+)$/ ? ($1 => $2) : () } split /\n/, $r->{body});
}

my ($r, %before) = metrics();
is($r->{status}, 200, 'answers');
like($r->h('Content-Type'), qr{^text/plain; version=0\.0\.4}, 'content type');
my @lines = grep { length } split /\n/, $r->{body};
is(join('|', grep { !/^(?:# (?:HELP|TYPE) \w+ \S.*|\w+(?:\{[^}]*\})? [0-9.e+-]+)$/ } @lines), '', 'every line is of the format');
my %typed = map { /^# TYPE (\w+) (\w+)/ ? ($1 => $2) : () } @lines;
is(join(' ', sort grep { !$typed{$_} } keys %before), '', 'every value has a type');
is(join(' ', sort grep { $typed{$_} eq 'counter' && !/_total$/ } keys %typed), '', 'counters end in _total');
is($before{spbe_guard_log_up}, 1, 'the log is up');
cmp_ok(scalar keys %before, '>=', 6, 'several of them');

rawd('ukur', ['send64', b64(http_raw('200 OK', 'text/html', "<p>x</p><br />\n<b>Warning</b>:  Undefined variable KANARI_BOCOR in <b>/srv/apps/php/a.php</b> on line <b>31</b><br />\n"))]);
my @refs = map { get($_)->h('X-Request-Ref') } ('/status?500') x 5, ('/halaman/.env') x 2;
get('/raw/ukur') for 1 .. 3;
get("/halaman/bersih.html?nik=3171012345678901&nama=KANARI-BOCOR");
record_of($refs[-1]);
my ($after_r, %after) = metrics();
my %grown = map { $_ => $after{$_} - ($before{$_} // 0) } keys %after;
my ($errors) = grep { /errors_total$/ } sort keys %after;
my ($hidden) = grep { /hidden/ } sort keys %after;
my ($excised) = grep { /excised/ } sort keys %after;
my ($replaced) = grep { /replaced/ } sort keys %after;
ok($errors && $grown{$errors} >= 5, 'five failures are counted') or diag $after_r->{body};
ok($hidden && $grown{$hidden} == 2, 'two hidden files');
ok($excised && $grown{$excised} == 3, 'three excised pages');
ok($replaced && $grown{$replaced} >= 5, 'replaced pages');
is(join(' ', grep { $typed{$_} && $typed{$_} eq 'counter' && $grown{$_} < 0 } keys %grown), '', 'no counter runs backwards');
unlike($after_r->{body}, qr/3171012345678901|KANARI|127\.0\.0\.1|Perizinan|\/status/, 'no visitor, no application, no address');

is(get('/metrik', method => 'POST', body => 'x')->{status}, 405, 'POST: not allowed');
my $head = get('/metrik', method => 'HEAD');
is($head->{status}, 200, 'HEAD');
unlike($r->{body}, qr/<html/i, 'not a page');

done_testing;
