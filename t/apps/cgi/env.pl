#!/usr/bin/perl
print "Status: 422 Unprocessable Entity\nContent-Type: text/plain\n\nREF=", $ENV{SPBE_REF} // 'tidak ada', "\n";
print "DARI-LUAR $_\n" for grep /^HTTP_X_SPBE/, sort keys %ENV;
