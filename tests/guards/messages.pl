#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
#
# guards/messages.pl - the messages of every language have the same keys, none is
# empty, and what is put into them stands in all.
use strict;
use warnings;
use JSON::PP;
use FindBin;

chdir "$FindBin::Bin/../.." or die;
my %texts;
my $bad = 0;

sub walk {
    my ($lang, $path, $value) = @_;
    if (ref $value eq 'HASH') {
        walk($lang, "$path.$_", $value->{$_}) for keys %$value;
    }
    elsif (ref $value eq 'ARRAY') {
        walk($lang, "$path.$_", $value->[$_]) for 0 .. $#$value;
    }
    else {
        $texts{$path}{$lang} = $value;
    }
}

my @langs;
for my $file (glob 'conf/messages/*.json') {
    my ($lang) = $file =~ m{([a-z]+)\.json$};
    push @langs, $lang;
    open my $in, '<:raw', $file or die "$file: $!";
    walk($lang, '', JSON::PP->new->utf8->decode(do { local $/; <$in> }));
}
die "only languages '@langs' found\n" if @langs < 2;

# %s and %d, in their order
sub places { return join ' ', ($_[0] // '') =~ /%[a-z]/g }

for my $key (sort keys %texts) {
    my %places = map { (places($texts{$key}{$_}) => 1) } @langs;
    if (keys %places > 1) {
        print "conf/messages: $key has not the same places in all languages\n";
        $bad = 1;
    }
    for my $lang (@langs) {
        my $text = $texts{$key}{$lang};
        if (!defined $text || $text !~ /\S/) {
            print "conf/messages/$lang.json: $key is ",
                (defined $text ? 'empty' : 'missing'), "\n";
            $bad = 1;
        }
    }
}
die "only " . keys(%texts) . " messages\n" if keys %texts < 150;
print 'checked: ', scalar(keys %texts), ' messages in ',
    scalar(@langs), " languages\n";
exit $bad;
