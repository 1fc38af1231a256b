#!/usr/bin/perl
# A local redirect without a look at the body.
print "Location: /cgi/gema.pl?dibaca=0\n\n";
