# SPDX-License-Identifier: Apache-2.0
# Many requests at once, of every kind, over every thread: each record has its
# own request, its own message and its own log lines; none is lost.
use strict;
use warnings FATAL => 'all';
use JSON::PP ();
use SPBE::Test;
use Test::More;

my ($clients, $rounds) = (8, 12);
my $json = JSON::PP->new->utf8;
my $filler = "<p>isi laporan</p>\n" x 400;
for my $c (1 .. $clients) {
    for my $n (1 .. $rounds) {
        my $word = word($c, $n);
        rawd("paralel-$word", ['split', b64(http_raw('200 OK', 'text/html', "$filler<b>Fatal error</b>:  Uncaught RuntimeException: KANARI-BOCOR $word in /srv/apps/php/a.php:3\nStack trace:\n#0 {main}\n  thrown in <b>/srv/apps/php/a.php</b> on line <b>3</b><br />\n$filler")), 3000, 1]);
        rawd("wajar-$word", ['split', b64(http_raw('200 OK', 'text/html', "$filler<p>$word</p>$filler")), 3000, 1]);
    }
}

# Letters only: what has digits is masked in routes and messages.
sub word { my $n = $_[0] * 100 + $_[1]; return join '', map { chr(ord('a') + $_) } split //, sprintf '%05d', $n }

# One client: a line for each request, "kind word reference status good".
sub client {
    my ($c, $out) = @_;
    for my $n (1 .. $rounds) {
        my $word = word($c, $n);
        my $leak = get("/raw/paralel-$word");
        my $clean = get("/raw/wajar-$word");
        my $down = get("/down/$word");
        my $own = get("/status/$word?500");
        print {$out} join(' ', 'leak', $word, $leak->h('X-Request-Ref') // '-', $leak->{status}, hidden($leak->{wire}) ? 1 : 0), "\n";
        print {$out} join(' ', 'clean', $word, '-', $clean->{status}, $clean->{body} eq "$filler<p>$word</p>$filler" ? 1 : 0), "\n";
        print {$out} join(' ', 'down', $word, $down->h('X-Request-Ref') // '-', $down->{status}, 1), "\n";
        print {$out} join(' ', 'own', $word, $own->h('X-Request-Ref') // '-', $own->{status}, 1), "\n";
    }
}

my @files;
my @pids;
for my $c (1 .. $clients) {
    my $file = "$ENV{SPBE_W}/run/paralel.$c";
    my $pid = fork // die "fork: $!";
    if (!$pid) {
        open my $out, '>', $file or die $!;
        client($c, $out);
        close $out;
        require POSIX;
        POSIX::_exit(0);
    }
    push @pids, $pid;
    push @files, $file;
}
waitpid $_, 0 for @pids;

my @lines = map { [split / /] } map { split /\n/, slurp($_) } @files;
is(scalar @lines, $clients * $rounds * 4, 'every request was answered');
my %status = (leak => 500, clean => 200, down => 503, own => 500);
is(join(' ', map { "@$_" } grep { $_->[3] != $status{ $_->[0] } || !$_->[4] } @lines), '', 'each as it should be');
my %refs = map { $_->[2] => $_ } grep { $_->[0] ne 'clean' } @lines;
is(scalar keys %refs, $clients * $rounds * 3, 'a reference for each failure');

my ($last) = map { $_->[2] } grep { $_->[0] eq 'own' } reverse @lines;
record_of($last);
my %records;
wait_for(8, sub { %records = map { $_->{ref} => $_ } grep { ref $_ && $_->{ref} } records(); !grep { !$records{$_} } keys %refs });
is(join(' ', grep { !$records{$_} } keys %refs), '', 'a record for each reference');
my (@route, @title, @log);
for my $ref (keys %refs) {
    my ($kind, $word) = @{ $refs{$ref} };
    my $record = $records{$ref} or next;
    push @route, "$word: $record->{route}" if index($record->{route}, $word) < 0;
    push @title, "$word: $record->{title}" if $kind eq 'leak' && index($record->{title}, $word) < 0;
}
is("@route", '', 'each with its own route');
is("@title", '', 'each with its own message');
my @down = (grep { $_->[0] eq 'down' } @lines)[0 .. 15];
for my $line (@down) {
    my $record = record_of($line->[2]) or next;
    my $text = ref $record->{log_lines} ? join "\n", @{ $record->{log_lines} } : '';
    my $connects = () = $text =~ /AH00957/g;
    push @log, "$line->[1]: $connects" if $connects != 1;
}
is("@log", '', 'mod_proxy\'s lines, which name no request: each record has its own one');
my ($lost) = get('/metrik')->{body} =~ /^spbe_guard_lost_total (\d+)/m;
is($lost, 0, 'no record was lost');

done_testing;
