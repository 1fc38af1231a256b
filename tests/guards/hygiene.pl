#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
#
# guards/hygiene.pl - what no file of the tree may contain, and what each
# source file must.
use strict;
use warnings;
use FindBin;

chdir "$FindBin::Bin/../.." or die;
my ($bad, $files, $sources) = (0, 0, 0);

sub complain {
    print "@_\n";
    $bad = 1;
}

# Built so that this file does not contain what it looks for.
my $leftover = join '|', map { join '', @$_ }
    [ 'TO', 'DO' ], [ 'FIX', 'ME' ], [ 'X', 'XX\b' ];
my $private = '/' . 'work/(?:main|shared)\b';
my $registry = 'registry\.' . 'npmjs|deb\.' . 'debian\.org|pypi\.' . 'org';

my @files = grep { -f } split /\0/,
    -d '.git' ? qx(git -c safe.directory='*' ls-files -z) : qx(find . -path ./build -prune -o -type f -print0);
for my $file (@files) {
    $file =~ s{^\./}{};
    next if $file =~ m{^(?:LICENSE|tests/data/|tests/fuzz/[^/]+\.in/)} || -B $file;
    $files++;
    open my $in, '<:raw', $file or die "$file: $!";
    my $text = do { local $/; <$in> } // '';
    my $n = () = $text =~ /\n/g;

    my $line = 0;
    for (split /\n/, $text) {
        $line++;
        complain("$file:$line: a leftover: $1") if /\b($leftover)/;
        complain("$file:$line: a path of one machine: $1") if /($private)/;
        complain("$file:$line: white space at the end")
            if $file =~ /\.(?:[ch]|sh|pl|mk)$/ && /[ \t]$/;
        complain("$file:$line: a tab") if $file =~ /\.[ch]$/ && /\t/;
    }
    complain("$file: the address of a registry: $1") if $text =~ /($registry)/;
    complain("$file: no newline at the end")
        if length $text && $text !~ /\n\z/ && $file !~ m{^tests/|^t/};
    if ($file =~ /package-lock\.json$/ && $text =~ /"resolved"/) {
        complain("$file: has addresses (\"resolved\")");
    }
    # The failing sample programs are read by people as they fail.
    next if $file =~ m{^t/apps/};
    next unless $file =~ /\.(?:[ch]|sh|pl|pm|js|mk)$/ || $file =~ m{^\.ci/};
    $sources++;
    complain("$file: no SPDX line") unless $text =~ /SPDX-License-Identifier: Apache-2\.0/;
    if ($file =~ m{^mod_spbe_guard/.*\.[ch]$}) {
        complain("$file: $n lines; 600 is the limit") if $n > 600;
        print "NOTE $file has $n lines; 400 is the aim\n" if $n > 400;
    }
}
my @top = qx(git -c safe.directory='*' ls-files 2>/dev/null);
my %top = map { m{^([^/\n]+)} ? ($1 => 1) : () } @top;
delete @top{qw(mod_spbe_guard conf tests t apxs.mk README.md LICENSE)};
complain("not in the layout: $_") for grep { !/^\./ } sort keys %top;

complain("only $files files and $sources sources found") if $files < 50 || $sources < 30;
print "checked: $files files, $sources sources\n";
exit $bad;
