#!/usr/bin/perl
$| = 1; print "Content-Type: text/html\n\n<p>AWAL-HALAMAN</p>\n"; kill 'KILL', $$;
