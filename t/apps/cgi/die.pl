#!/usr/bin/perl
# Dies before any header: httpd answers "End of script output before headers".
use strict;
sub simpan_izin { die "KANARI-BOCOR tabel izin terkunci\n\tat simpan" }
simpan_izin(1);
