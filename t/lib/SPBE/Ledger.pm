# SPDX-License-Identifier: Apache-2.0
# What the ledger (guard.shm) and the archive say of numbers, read without the
# programs that wrote them.
package SPBE::Ledger;

use strict;
use warnings FATAL => 'all';
use Exporter 'import';
use SPBE::Test qw(slurp);

our @EXPORT = qw(ledger numbers gaps in_archive);

my @STATES = qw(free live ended died);

# ledger(folder): { logger => {...}, slots => [ { state, pid, writer, given,
# written, spilled, lost, settled } ... ] } of those in use; or undef
sub ledger {
    my $bytes = slurp("$_[0]/guard.shm");
    return undef unless length $bytes >= 144 && substr($bytes, 0, 8) eq 'SPBELDG1';
    my ($slots, $size) = unpack 'LL', substr $bytes, 8, 8;
    my %l;
    @{ $l{logger} }{qw(pid stage beat group hash head lines malformed duplicates lost waiting unindexed disk_free)}
        = unpack 'LLqQa32qQQQQQQQ', substr $bytes, 24, 120;
    for my $i (0 .. $slots - 1) {
        my %s;
        (my $state, @s{qw(pid start writer given written spilled lost settled)})
            = unpack 'LLqZ128QQQQQ', substr $bytes, 144 + $i * $size, $size;
        $s{state} = $STATES[$state] // $state;
        push @{ $l{slots} }, \%s if $state;
    }
    $l{slots} ||= [];
    return \%l;
}

# The lines of the archive, in their order.
sub in_archive {
    my ($home) = @_;
    return map { split /\n/, slurp($_) } sort glob "$home/archive/*.jsonl $home/archive.jsonl";
}

# numbers(home): { writer => { number => how many lines } }
sub numbers {
    my %of;
    for (in_archive(@_)) {
        $of{$1}{$2}++ if /"w":"([^"]+)","s":(\d+),/;
    }
    return \%of;
}

# gaps(numbers): "writer: number" of each that is missing below the highest
sub gaps {
    my ($of) = @_;
    my @gaps;
    for my $writer (sort keys %$of) {
        my ($last) = sort { $b <=> $a } keys %{ $of->{$writer} };
        push @gaps, map { "$writer: $_" } grep { !$of->{$writer}{$_} } 1 .. $last;
    }
    return @gaps;
}

1;
