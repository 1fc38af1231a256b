#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
#
# guards/members.pl - no member of the configuration is forgotten.
#
# A member without unset value, default or merge rule fails silently: the
# setting of the server wins over that of the <Location>, or nothing does.
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
    my $text = <$in>;
    $text =~ s{/\*.*?\*/}{}gs;
    return $text;
}

my $header = slurp('mod_spbe_guard/httpd/conf.h');
my $source = slurp('mod_spbe_guard/httpd/conf.c');
my $setters = join "\n", map { slurp($_) } glob 'mod_spbe_guard/httpd/directives*.c';
my %other = map { $_ => slurp($_) } glob 'mod_spbe_guard/httpd/*.c';
my $all = join "\n", values %other;

# The table: type, member, unset, default.
my ($table) = $header =~ /#define SPBE_DIR_MEMBERS\(X\)((?:[^\n]*\\\n)*[^\n]*)/
    or die "SPBE_DIR_MEMBERS not found in httpd/conf.h\n";
my ($list) = $header =~ /#define SPBE_DIR_LISTS\(X\)((?:[^\n]*\\\n)*[^\n]*)/
    or die "SPBE_DIR_LISTS not found in httpd/conf.h\n";
my @members;
while ($table =~ /X\(([^()]*)\)/g) {
    my @parts = map { s/^\s+|\s+$//gr } split /,(?=(?:[^"]*"[^"]*")*[^"]*$)/, $1;
    complain("SPBE_DIR_MEMBERS: '@parts' is not type, member, unset, default")
        if @parts != 4 || grep { $_ eq '' } @parts;
    complain("$parts[1]: unset value 0 cannot be told from off")
        if $parts[2] =~ /^(?:0|SPBE_MODE_OFF)$/;
    push @members, $parts[1];
}
my @lists = $list =~ /X\((\w+)\)/g;
# Those with a rule of their own: type, member.
my ($joined) = $header =~ /#define SPBE_DIR_JOINED\(X\)((?:[^\n]*\\\n)*[^\n]*)/
    or die "SPBE_DIR_JOINED not found in httpd/conf.h\n";
my @joined = $joined =~ /X\([^(),]*,\s*(\w+)\)/g;

# The struct holds what the tables say and nothing besides.
my ($struct) = $header =~ /typedef struct spbe_dir_conf \{(.*?)\} spbe_dir_conf_t;/s
    or die "spbe_dir_conf_t not found\n";
(my $rest = $struct) =~ s/^#[^\n]*$//mg;
$rest =~ s/SPBE_DIR_(?:MEMBERS|LISTS|JOINED)\(X\)//g;
complain("spbe_dir_conf_t: outside of the tables: $1") if $rest =~ /(\S.*\S)/;

# Made and merged from the tables.
for my $what ([ create => 1 ], [ merge => 2 ]) {
    my ($body) = $source =~ /spbe_conf_dir_$what->[0]\([^)]*\)\s*\{(.*?)^\}/ms
        or die "spbe_conf_dir_$what->[0] not found\n";
    complain("spbe_conf_dir_$what->[0] does not use SPBE_DIR_MEMBERS")
        unless $body =~ /SPBE_DIR_MEMBERS\(X\)/;
    # Lists are made by zeroed memory: no entries, not fresh.
    complain("spbe_conf_dir_merge does not use SPBE_DIR_LISTS")
        if $what->[0] eq 'merge' && $body !~ /SPBE_DIR_LISTS\(X\)/;
    complain("spbe_conf_dir_merge does not use SPBE_DIR_JOINED")
        if $what->[0] eq 'merge' && $body !~ /SPBE_DIR_JOINED\(X\)/;
}

# Each is set by a directive, and read somewhere. Owner and kind of data are
# accepted and merged, but read only by the cases and reports to come.
my %later = map { +"application_$_" => 1 } qw(owner data);
for my $m (@members, @lists, @joined) {
    complain("$m: no directive sets it") unless $setters =~ /(?:conf->|&conf->)$m\b/;
    my $readers = join "\n", map { $other{$_} }
        grep { !/directives\w*\.c$/ } keys %other;
    complain("$m: nothing reads it")
        unless $later{$m} || $readers =~ /\bspbe_dir_$m\(|->$m\b/ || $header =~ /\bspbe_dir_$m\(/;
}

# The server's members: given a value at creation, or made by check_config, or
# NULL by zeroed memory and tested before use.
my ($server) = $header =~ /typedef struct spbe_server_conf \{(.*?)\} spbe_server_conf_t;/s
    or die "spbe_server_conf_t not found\n";
my @server = $server =~ /(\w+);/g;
for my $m (@server) {
    my $set = () = $all =~ /(?:->$m\s*=(?!=)|\bPUSH\([^;]*->$m\b)/g;
    my $used = () = $all =~ /(?:->|\.)$m\b/g;
    complain("spbe_server_conf_t.$m: never given a value") unless $set || $used > 1;
    complain("spbe_server_conf_t.$m: never read") unless $used > $set;
}
complain("only " . @members . " members") if @members < 10;
printf "checked: %d members, %d lists, %d joined, %d of the server\n",
    scalar @members, scalar @lists, scalar @joined, scalar @server;
exit $bad;
