#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
#
# guards/directives.pl - the directives of the code, of the annotated settings,
# of the README and of the tests are the same ones.
use strict;
use warnings;
use FindBin;

chdir "$FindBin::Bin/../.." or die;
my $bad = 0;

sub complain {
    print "@_\n";
    $bad = 1;
}

sub slurp {
    my ($file) = @_;
    open my $in, '<', $file or die "$file: $!";
    local $/;
    return scalar <$in>;
}

# name => where it may stand, from the command table
my %code;
for my $file (glob 'mod_spbe_guard/httpd/*.[ch]') {
    (my $text = slurp($file)) =~ s/\s*\\\n/\n/g;
    while ($text =~ /AP_INIT_\w+\(\s*"(SpbeGuard\w+)",\s*\w+,\s*[^,]+,\s*([A-Z_| ]+),/g) {
        my ($name, $flags) = ($1, $2);
        complain("$name is in the table twice") if $code{$name};
        $code{$name} = $flags =~ /ANYWHERE|ACCESS_CONF/ ? 'anywhere' : 'server';
    }
}
die "only " . keys(%code) . " directives in the code\n" if keys %code < 10;

my %place = (
    'conf/spbe_guard.conf' => slurp('conf/spbe_guard.conf'),
    'README.md' => slurp('README.md'),
    't/' => join("\n", map { slurp($_) } grep { -f } glob('t/*.t t/conf/* t/lib/SPBE/* t/run')),
);
for my $where (sort keys %place) {
    my %named = map { $_ => 1 } $place{$where} =~ /\b(SpbeGuard[A-Z]\w*)/g;
    for my $name (sort keys %code) {
        complain("$where: $name is missing") unless $named{$name};
    }
    next if $where eq 't/';    # tests write wrong ones on purpose
    for my $name (sort keys %named) {
        complain("$where: $name is not a directive") unless $code{$name};
    }
}

# The contexts that the texts give are those of the code.
for my $name (sort keys %code) {
    my ($block) = $place{'conf/spbe_guard.conf'} =~ /^# -{20,}\n(# $name\b.*?)(?=^# -{20,}|\z)/ms;
    if (!defined $block) {
        complain("conf/spbe_guard.conf: no block that begins with $name");
    }
    elsif (($block =~ /\A(?:# .*\n){0,2}?.*\[server\]/ ? 'server' : 'anywhere') ne $code{$name}) {
        complain("conf/spbe_guard.conf: $name: its context is $code{$name}");
    }
    my ($part) = $place{'README.md'} =~ /^#+ `?$name\b(.*?)(?=^#|\z)/ms;
    if (!defined $part) {
        complain("README.md: no heading for $name");
        next;
    }
    for my $word (qw(Syntax Default Context Merge)) {
        complain("README.md: $name: no $word") unless $part =~ /\b$word\b/;
    }
    my ($context) = $part =~ /Context\W+(.*)/;
    complain("README.md: $name: its context is $code{$name}")
        if defined $context && ($context =~ /anywhere/ ? 'anywhere' : 'server') ne $code{$name};
}
print 'checked: ', scalar(keys %code), " directives in three places\n";
exit $bad;
