#!/usr/bin/perl
# Reads the body and dies: its ErrorDocument must not get the body again.
while (read STDIN, my $piece, 65536) { }
exit 1;
