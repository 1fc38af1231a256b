#!/usr/bin/perl
# Says what reached it, for the tests of bodies; reads to the end.
use Digest::SHA;
binmode STDIN;
my ($bytes, $sha) = (0, Digest::SHA->new(1));
while (my $n = read STDIN, my $piece, 65536) { $bytes += $n; $sha->add($piece) }
print "Content-Type: application/json\n\n";
printf qq({"how":"cgi","method":"%s","bytes":%d,"sha1":"%s","length":"%s","coding":"%s","type":"%s","query":"%s","uri":"%s"}\n),
    $ENV{REQUEST_METHOD}, $bytes, $sha->hexdigest, $ENV{CONTENT_LENGTH} // '', $ENV{HTTP_TRANSFER_ENCODING} // '', $ENV{CONTENT_TYPE} // '', $ENV{QUERY_STRING} // '', $ENV{REQUEST_URI} // '';
