#!/usr/bin/perl
print "Status: 500 Internal Server Error\nContent-Type: text/plain\n\nKANARI-BOCOR at /srv/apps/cgi/izin.pl line 7.\n";
