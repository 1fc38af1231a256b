#!/usr/bin/perl
use CGI::Carp qw(fatalsToBrowser);
sub simpan_izin { die "KANARI-BOCOR tabel izin terkunci" }
simpan_izin(1);
