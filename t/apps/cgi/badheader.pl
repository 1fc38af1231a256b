#!/usr/bin/perl
print "KANARI-BOCOR bukan kepala\nContent-Type: text/html\n\n<p>isi</p>\n";
