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

# By reason, and by class; what has a label is counted under it.
sub labelled { my ($name) = @_; return map { /^spbe_guard_$name\{\w+="([^"]+)"\} (\d+)$/ ? ($1 => $2) : () } split /\n/, get('/metrik')->{body} }
my %reasons = labelled('refusals_total');
my %classes = labelled('leaks_total');
cmp_ok(scalar keys %reasons, '>=', 40, 'refusals by every reason there is');
is(join(' ', sort keys %classes), 'code configuration database resource unknown upstream', 'leaks by every class');
is(get('/t-judge?a=%zz')->{status}, 400, 'a refusal');
rawd('ukur-kode', ['send64', b64(http_raw('200 OK', 'text/html', "<br />\n<b>Fatal error</b>:  Uncaught RuntimeException: x in /srv/apps/php/a.php:3\nStack trace:\n#0 {main}\n  thrown in <b>/srv/apps/php/a.php</b> on line <b>3</b><br />\n"))]);
is(get('/raw/ukur-kode')->{status}, 500, 'a leak');
my %reasons_after = labelled('refusals_total');
my %classes_after = labelled('leaks_total');
is(join(' ', map { "$_+" . ($reasons_after{$_} - $reasons{$_}) } grep { $reasons_after{$_} != $reasons{$_} } sort keys %reasons_after), 'percent-encoding+1', 'counted under its reason');
is(join(' ', map { "$_+" . ($classes_after{$_} - $classes{$_}) } grep { $classes_after{$_} != $classes{$_} } sort keys %classes_after), 'code+1', 'counted under its class');

# The log itself.
for my $name (qw(records_total waited_total spilled_total lost_total sealed_total unsealed_total unkept_total writers waiting_bytes spill_bytes)) {
    ok(exists $after{"spbe_guard_$name"}, "$name is there");
}
cmp_ok($grown{spbe_guard_records_total}, '>=', 10, 'records are counted');
is($after{spbe_guard_lost_total}, 0, 'none is lost');
cmp_ok($after{spbe_guard_sealed_total} + $after{spbe_guard_unsealed_total} + $after{spbe_guard_unkept_total}, '>', 0, 'each with details is one of three');
cmp_ok($after{spbe_guard_writers}, '>=', 2, 'the parent and a child write');
my %late;
ok(wait_for(10, sub { my ($x, %m) = metrics(); %late = %m; $m{spbe_guard_head_group} && $m{spbe_guard_archived_lines_total} }), 'the logger tells its last signed group and how much it took');
cmp_ok($late{spbe_guard_logger_age_seconds} // 99, '<', 5, 'it spoke just now');
is($late{spbe_guard_disk_stage} // 'none', 0, 'its disk is fine');
for my $name (qw(disk_free_bytes unindexed_bytes head_timestamp_seconds malformed_lines_total duplicate_lines_total missing_records_total)) {
    ok(exists $late{"spbe_guard_$name"}, "$name is there");
}

# Where administrators look already.
my $page = get('/keadaan-server', vhost => 'plain');
is($page->{status}, 200, 'mod_status');
like($page->{body}, qr{<h2>SPBE Guard</h2>\s*<dl>.*Records written: \d+.*</dl>}s, 'a part of its page');
my $auto = get('/keadaan-server?auto', vhost => 'plain');
my %auto = map { /^SpbeGuard(\w+): (\S+)$/ ? ($1 => $2) : () } split /\n/, $auto->{body};
cmp_ok($auto{Records} // 0, '>=', $after{spbe_guard_records_total}, 'the same numbers for programs');
is($auto{LogUp} // 'none', 1, 'the log is up');
is($auto{Lost} // 'none', 0, 'nothing lost');
ok(exists $auto{$_}, "SpbeGuard$_") for qw(Judged Refused Errors LeaksFatal Waited Spilled Sealed Unsealed Waiting LoggerAge HeadGroup DiskStage Unindexed Missing);
unlike($auto->{body}, qr/<dt>|<h2>/, 'no HTML in it');

is(get('/metrik', method => 'POST', body => 'x')->{status}, 405, 'POST: not allowed');
my $head = get('/metrik', method => 'HEAD');
is($head->{status}, 200, 'HEAD');
unlike($r->{body}, qr/<html/i, 'not a page');

done_testing;
