#!/usr/bin/perl
print "Content-Type: text/html\n\n<h1>Daftar</h1>\n";
print "DBD::mysql::st execute failed: You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version for the right syntax to use near 'KANARI-BOCOR' at line 1 at /srv/apps/cgi/daftar.pl line 42.\n";
