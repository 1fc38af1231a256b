# SPDX-License-Identifier: Apache-2.0
# The requests of tests/data/requests through a real httpd, byte for byte: what
# is ambiguous is refused with a 4xx, by httpd or by the guard; what is clean
# reaches the application; nothing ends in a 5xx.
use strict;
use warnings FATAL => 'all';
use FindBin;
use SPBE::Test;
use Test::More;

my $dir = "$ENV{SPBE_ROOT}/own-corpus";
mkdir $_ for $dir, "$dir/cgi";
spew("$dir/cgi/ok.sh", "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\nok\\n'\n");
chmod 0755, "$dir/cgi/ok.sh" or die;
my ($modules) = slurp("$ENV{SPBE_W}/run/base-$ENV{SPBE_MPM}.conf") =~ m{^\s*LoadModule\s+\S+\s+"?(/\S*?)/mod_[a-z0-9_]+\.so}m;
my $own = own_server('corpus', <<"CONF");
<IfModule !mod_cgi.c>
    LoadModule cgi_module $modules/mod_cgi.so
</IfModule>
SpbeGuardLog $dir/records
SpbeGuardEngine On
AllowEncodedSlashes NoDecode
ScriptAliasMatch "^/" "$dir/cgi/ok.sh"
<Directory />
    Require all granted
    Options +ExecCGI
</Directory>
CONF
ok($own->{pid}, 'a server of its own') or do { diag($own->{output}, slurp($own->{log})); done_testing; exit };

my %type = (FORM => 'application/x-www-form-urlencoded', JSON => 'application/json', XML => 'application/xml', TEXT => 'text/plain', MULTI => 'multipart/form-data; boundary=B');
my %plain = (r => "\r", n => "\n", t => "\t", 0 => "\0", '\\' => '\\');

sub expand {
    my ($text, $body) = @_;
    $text =~ s{\@F\(([^)]*)\)}{Content-Disposition: form-data; name="$1"\\r\\n\\r\\n}g if $body;
    $text =~ s{\@B}{--B\\r\\n}g, $text =~ s{\@E}{--B--\\r\\n}g if $body;
    $text =~ s{\\(?:x([0-9a-fA-F]{2})|([rnt0\\]))}{defined $1 ? chr hex $1 : $plain{$2}}ge;
    return $text;
}

# The bytes of a row behind its first word.
sub request {
    my ($line) = @_;
    my ($head, $body) = $line =~ /^(.*?) =(?: (.*))?$/s ? ($1, $2 // '') : ($line, undef);
    my ($first, @headers) = split / \| /, $head;
    my ($method, $target) = split / /, $first, 2;
    $_ = expand($_) for @headers;
    my %given = map { /^([^:]*)/ ? (lc $1 => 1) : () } @headers;
    unshift @headers, "Content-Type: $type{$method}" if $type{$method};
    unshift @headers, 'Host: 127.0.0.1' unless $given{host};
    push @headers, 'Connection: close' unless $given{connection};
    my $bytes = defined $body ? expand($body, 1) : '';
    if ($given{'transfer-encoding'}) {
        $bytes = ($bytes eq '' ? '' : sprintf("%x\r\n%s\r\n", length $bytes, $bytes)) . "0\r\n\r\n";
    }
    elsif (defined $body && !$given{'content-length'}) {
        push @headers, 'Content-Length: ' . length $bytes;
    }
    $target = expand($target // '/simpan');
    $method = 'POST' if $type{$method};
    return ($method, join("\r\n", "$method $target HTTP/1.1", @headers) . "\r\n\r\n$bytes");
}

sub status {
    my ($method, $bytes) = request(shift);
    my $client = connection('SPBE_OWN_corpus', timeout => 8);
    $client->send_raw($bytes);
    my $r = $client->response($method);
    $client->close;
    return defined $r ? $r->{status} : 0;
}

for my $file (qw(ambiguous clean)) {
    my $path = "$FindBin::Bin/../tests/data/requests/$file.txt";
    my ($n, $bad, $fives) = (0, 0, 0);
    for my $line (split /\n/, slurp($path)) {
        next if $line =~ /^#|^$/;
        # httpd joins a folded header field before anyone sees it.
        next if $line =~ /\| [^=]*\\r\\n /;
        my ($word, $row) = split / /, $line, 2;
        my $status = status($row);
        my $right = $word eq 'ok' ? $status >= 200 && $status < 300 : $status >= 400 && $status < 500;
        $n++;
        $fives += $status >= 500;
        $right or $bad++, diag("$file: $status: $line");
    }
    cmp_ok($n, '>=', 250, "$file: $n rows");
    is($bad, 0, "$file: " . ($file eq 'clean' ? 'none refused' : 'all refused'));
    is($fives, 0, "$file: no 5xx");
}
done_testing;
