#!/usr/bin/perl
sleep 8; print "Content-Type: text/plain\n\nselesai\n";
