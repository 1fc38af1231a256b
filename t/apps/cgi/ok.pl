#!/usr/bin/perl
print "Content-Type: text/html; charset=utf-8\n\n<p>HALAMAN-CGI</p>\n";
