#!/usr/bin/perl
print STDERR "KANARI-BOCOR baris pertama\n", 'y' x 20000, "\nAKHIR-STDERR at /srv/apps/cgi/izin.pl line 9.\n";
print "Status: 500 Internal Server Error\nContent-Type: text/plain\n\ngagal\n";
