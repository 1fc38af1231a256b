#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
#
# faults/visit.pl PORT STOP REFS CLIENTS - visitors of a failing application,
# until the file STOP is there; the reference of every whole page of a failure
# goes to REFS. (Refused requests are only counted when there are too many.)
#
# What is cut off or refused by a server that stops is asked for again: its
# reference was read by nobody.
use strict;
use warnings;
use IO::Socket::INET;
use Time::HiRes qw(sleep);

my ($port, $stop, $refs, $clients) = @ARGV;
my @paths = ('/gagal.asis', '/gagal.asis?n=%zz', '/gagal.asis?n=%00');

sub connected {
    return IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port,
                                 Timeout => 2);
}

# The reference of one answer, or "-"; nothing when it did not come whole.
sub visit {
    my ($socket, $path) = @_;
    my ($head, $body) = ('', '');
    print $socket "GET $path HTTP/1.1\r\nHost: localhost\r\n\r\n" or return;
    while (my $line = <$socket>) {
        $head .= $line;
        last if $line eq "\r\n";
    }
    my ($length) = $head =~ /^Content-Length: (\d+)\r$/mi;
    return unless $head =~ /\r\n\r\n\z/ && defined $length;
    return unless (read($socket, $body, $length) // -1) == $length;
    my ($ref) = $head =~ /^X-Request-Ref: (\S+)\r$/mi;
    return $head =~ m{^HTTP/1.1 500 } ? $ref : '-';
}

sub client {
    my ($number) = @_;
    my ($socket, $n) = (undef, $number);
    open my $out, '>>', "$refs.$number" or die "$refs: $!";
    $out->autoflush(1);
    until (-e $stop) {
        $socket ||= connected();
        if (!$socket) {
            sleep 0.02;
            next;
        }
        my $ref = visit($socket, $paths[$n++ % @paths]);
        print $out "$ref\n" if defined $ref && $ref ne '-';
        undef $socket unless defined $ref && $n % 50;
        sleep 0.005;
    }
    exit 0;
}

$SIG{PIPE} = 'IGNORE';
for my $number (1 .. $clients) {
    my $pid = fork // die "fork: $!";
    client($number) if $pid == 0;
}
1 while wait != -1;
