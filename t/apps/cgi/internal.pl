#!/usr/bin/perl
# A local redirect: httpd runs the target itself.
print "Location: /php-off/own500.php\n\n";
