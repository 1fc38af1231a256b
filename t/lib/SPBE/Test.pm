# SPDX-License-Identifier: Apache-2.0
# What the test files share: requests, the rows of a table, the records that a
# request must leave behind. Each file is a table and one call of rows().
package SPBE::Test;

use strict;
use warnings FATAL => 'all';
use Exporter 'import';
use Fcntl ();
use IO::Uncompress::Gunzip ();
use JSON::PP ();
use MIME::Base64 ();
use Test::More;
use Time::HiRes qw(time sleep);
use SPBE::Client ();

our @EXPORT = qw(get rows check_row connection port env_or_skip records ctl record_of
    record_json access_line ref_of no_records rawd http_raw b64 sample slurp spew
    home error_log wait_for hidden httpd_pid free_port own_server own_test
    $REF @LEAKS);

# Four, four and three symbols; the last is the check symbol.
our $REF = qr/[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{2}[0-9A-Z*~\$=]/;

# What no visitor of a guarded location may see.
our @LEAKS = (
    qr/KANARI[-_]BOCOR/, qr/S3CR3T-KANARI/, qr{/apps/(?:php|cgi|python|node|tomcat)/},
    qr/Traceback \(most recent/, qr/Stack trace:/, qr/PHP (?:Fatal|Parse|Warning)/,
    qr/\bnode_modules\b/, qr/org\.apache\.(?:jasper|catalina)/, qr/SQLSTATE\[/,
);

my %PORT = (main => 'SPBE_PORT', plain => 'SPBE_PLAIN', detect => 'SPBE_DETECT', h2 => 'SPBE_H2');
my $count = 0;
my ($file) = $0 =~ m{([^/]+?)\.t$};

sub port { my $name = shift || 'main'; return $ENV{ $PORT{$name} || $name } }
sub home { $ENV{SPBE_HOME} }
sub error_log { "$ENV{SPBE_ROOT}/logs/error_log" }
sub b64 { MIME::Base64::encode_base64($_[0], '') }

sub slurp {
    open my $in, '<:raw', $_[0] or return '';
    local $/;
    return scalar(<$in>) // '';
}

sub spew {
    my ($name, $bytes) = @_;
    open my $out, '>:raw', $name or die "$name: $!";
    print {$out} $bytes;
    close $out or die "$name: $!";
}

sub httpd_pid { my $p = slurp("$ENV{SPBE_ROOT}/logs/httpd.pid"); $p =~ s/\s+//g; $p }

# skip the whole file, with its reason, unless the variable is set
sub env_or_skip {
    my ($name, $what) = @_;
    plan skip_all => "$what is not installed" unless $ENV{$name};
}

sub wait_for {
    my ($seconds, $code) = @_;
    my $until = time + $seconds;
    while (1) {
        my $value = $code->();
        return $value if $value;
        return undef if time > $until;
        sleep 0.1;
    }
}

# --- requests -----------------------------------------------------------------

sub connection { my ($vhost, %o) = @_; SPBE::Client->new(port => port($vhost), %o) }

# get(path, vhost =>, method =>, headers => [[name, value]...], body =>, http =>,
#     via => connection, id =>): the response, with {id} for its log line
sub get {
    my ($path, %o) = @_;
    my $method = $o{method} || ($o{body} ? 'POST' : 'GET');
    my $id = $o{id} || sprintf '%s-%d-%d', $file || 'x', $$, ++$count;
    my $conn = $o{via} || connection($o{vhost}, timeout => $o{timeout});
    my %given = map { lc $_->[0] => 1 } @{ $o{headers} || [] };
    my $head = "$method $path HTTP/" . ($o{http} || '1.1') . "\r\nX-Test-Id: $id\r\n";
    $head .= "Host: 127.0.0.1\r\n" unless $given{host};
    $head .= "Connection: close\r\n" unless $o{via} || $given{connection};
    $head .= "$_->[0]: $_->[1]\r\n" for @{ $o{headers} || [] };
    if (defined $o{body}) {
        $head .= "Content-Type: application/x-www-form-urlencoded\r\n" unless $given{'content-type'};
        $head .= 'Content-Length: ' . length($o{body}) . "\r\n" unless $given{'content-length'};
    }
    $conn->send_raw("$head\r\n" . ($o{body} // ''));
    my $r = $conn->response($method);
    @$r{qw(id path method)} = ($id, $path, $method);
    $conn->close unless $o{via};
    return $r;
}

# --- what the backends are told -------------------------------------------------

# A script for the scripted backend; returns its name, to be used below /raw/.
sub rawd {
    my ($name, @steps) = @_;
    spew("$ENV{SPBE_W}/raw/$name.json", JSON::PP->new->ascii->encode(\@steps));
    return $name;
}

# The bytes of one response, with its length.
sub http_raw {
    my ($status, $type, $body, @more) = @_;
    my $head = "HTTP/1.1 $status\r\n" . ($type ? "Content-Type: $type\r\n" : '');
    $head .= "$_\r\n" for @more;
    $head .= 'Content-Length: ' . length($body) . "\r\n" unless grep /^(?:Content-Length|Transfer-Encoding):/i, @more;
    return "${head}Connection: close\r\n\r\n$body";
}

# A file that t-split can cut; returns its path on the server.
sub sample {
    my ($name, $bytes) = @_;
    spew("$ENV{SPBE_W}/split/$name", $bytes);
    return "/split/$name";
}

# --- records --------------------------------------------------------------------

# Details are sealed: what shows them gets the private key of the tests.
sub ctl {
    my @args = @_;
    push @args, '--key', $ENV{SPBE_KEY} if $args[0] =~ /^(?:list|show|review)$/ && !grep { $_ eq '--key' } @args;
    open my $out, '-|', 'sh', '-c', 'exec "$@" 2>/dev/null', 'sh', "$ENV{SPBE_W}/lib/spbe-guardctl", '--home', home(), @args
        or die "spbe-guardctl: $!";
    local $/;
    my $text = <$out>;
    close $out;
    return wantarray ? ($text, $? >> 8) : $text;
}

# A list in whichever JSON form: an array, or a line for each.
sub record_json {
    my $text = shift // '';
    my $json = JSON::PP->new->utf8;
    my $all = eval { $json->decode($text) } // [eval { $json->incr_parse($text) }];
    $all = $all->{records} if ref $all eq 'HASH' && ref $all->{records} eq 'ARRAY';
    return ref $all eq 'ARRAY' ? @$all : ($all);
}

sub records { return record_json(scalar ctl('list', '--limit', 0, '--json', @_)) }

sub record_of {
    my ($ref, $seconds) = @_;
    return undef unless $ref;
    return wait_for($seconds // $ENV{SPBE_WAIT} // 5, sub {
        my ($text, $rc) = ctl('show', $ref, '--json');
        return undef if $rc || !$text;
        return (record_json($text))[0];
    });
}

# The line that the access log has of a response, as a hash.
sub access_line {
    my $r = shift;
    my $id = ref $r ? $r->{id} : $r;
    return wait_for(12, sub {
        my ($line) = grep { index($_, "$id|") == 0 } split /\n/, slurp("$ENV{SPBE_ROOT}/logs/ref_log");
        return undef unless $line;
        my %l;
        @l{qw(id ref log status bytes buckets uri)} = split /\|/, $line;
        $_ eq '-' and $_ = '' for values %l;
        return \%l;
    });
}

sub ref_of {
    my $r = shift;
    my $ref = $r->h('X-Request-Ref');
    return $ref if $ref;
    my $line = access_line($r) or return '';
    return $line->{ref} || $line->{log};
}

# None of these responses may have a record. A failure sent afterwards is the
# proof that what came before it has been looked at.
sub no_records {
    my ($label, @responses) = @_;
    my %none = map { (ref_of($_) || "none-$_->{id}") => $_ } @responses;
    my $after = get('/status?500');
    record_of($after->h('X-Request-Ref'));
    my @wrong = map { "$none{$_->{ref}}{path} ($_->{rule})" } grep { ref $_ eq 'HASH' && $_->{ref} && $none{ $_->{ref} } } records();
    is("@wrong", '', "$label: no record of " . scalar(@responses) . ' responses');
}

# --- rows -------------------------------------------------------------------------

sub hidden {
    my ($text, @more) = @_;
    my @seen = grep { $text =~ $_ } @LEAKS, @more;
    return wantarray ? @seen : !@seen;
}

sub like_or_is {
    my ($got, $want, $label) = @_;
    return $want->($got, $label) if ref $want eq 'CODE';
    return ok(!defined $got || $got eq '', "$label is absent") if !defined $want;
    return like($got // '', $want, $label) if ref $want eq 'Regexp';
    return is($got // '(none)', $want, $label);
}

sub fits {
    my ($record, $want) = @_;
    for my $name (keys %$want) {
        my ($got, $w) = ($record->{$name}, $want->{$name});
        next if ref $w eq 'CODE';
        return 0 if ref $w eq 'Regexp' ? ($got // '') !~ $w : defined $w ? ($got // '') ne $w : defined $got && $got ne '';
    }
    return 1;
}

sub flatten {
    my $r = shift;
    for my $name (qw(log_lines trace frames input)) {
        my $v = $r->{$name};
        $r->{"${name}_text"} = ref $v ? JSON::PP->new->canonical->encode($v) : $v;
    }
    return $r;
}

sub check_record {
    my ($r, $want, $label) = @_;
    my $ref = ref_of($r);
    my $record;
    wait_for($ENV{SPBE_WAIT} || 5, sub { $record = record_of($ref, 0.2) and fits(flatten($record), $want) });
    ok($record, "$label: record of '" . ($ref // '') . "'") or return;
    like_or_is($record->{$_}, $want->{$_}, "$label: record $_") for sort keys %$want;
}

# Our page: what every replacement has, whatever its format.
sub check_page {
    my ($r, $label) = @_;
    my $ref = $r->h('X-Request-Ref') // '';
    like($ref, qr/^$REF$/, "$label: reference in the header");
    ok(index($r->{body}, $ref) >= 0, "$label: reference on the page") unless $r->{method} eq 'HEAD';
    like($r->h('Cache-Control') // '', qr/no-store/, "$label: not stored");
    like($r->h('Content-Type') // '', qr/charset=utf-8/i, "$label: UTF-8");
    ok(!defined $r->h($_), "$label: no $_") for qw(Content-Encoding ETag Last-Modified Accept-Ranges Digest);
}

# One row: name, path, and any of
#   get => {...}      how to ask         status => N
#   has, hasnt => [text or regex ...]    header => { name => text|regex|undef }
#   leaks => 1        do not look for leaks (they are meant to pass)
#   page => 1|0       our page, or certainly not
#   record => {...}   fields of the record; norecord is no_records() of the file
#   need => [variable, what]             also => sub { the response }
sub check_row {
    my $row = shift;
    my $label = $row->{name};
    SKIP: {
        if ($row->{need} && !$ENV{ $row->{need}[0] }) {
            skip "$row->{name}: $row->{need}[1] is not installed", 1;
        }
        my $r = get($row->{path}, %{ $row->{get} || {} });
        like_or_is($r->{status}, $row->{status}, "$label: status") if defined $row->{status};
        for my $want (@{ $row->{has} || [] }) {
            ref $want ? like($r->{body}, $want, "$label: has $want")
                : ok(index($r->{body}, $want) >= 0, "$label: has '$want'") || diag(substr $r->{wire}, 0, 1500);
        }
        (my $wire = $r->{wire}) =~ s/^Server: .*$//m; # httpd's own, ServerTokens
        my @seen = $row->{leaks} ? () : hidden($wire);
        push @seen, grep { ref $_ ? $wire =~ $_ : index($wire, $_) >= 0 } @{ $row->{hasnt} || [] };
        is("@seen", '', "$label: nothing leaks") || diag(substr $r->{wire}, 0, 3000);
        like_or_is($r->h($_), $row->{header}{$_}, "$label: header $_") for sort keys %{ $row->{header} || {} };
        check_page($r, $label) if $row->{page};
        ok(!defined $r->h('X-Request-Ref'), "$label: not our page") if defined $row->{page} && !$row->{page};
        $row->{also}->($r, $label) if $row->{also};
        return $r;
    }
    return undef;
}

# The table; returns the responses by name. Records are looked up after the
# last request: the index follows the archive with a delay, paid once here.
sub rows {
    my %by_name;
    for my $row (@_) {
        die "two rows are called $row->{name}\n" if exists $by_name{ $row->{name} };
        $by_name{ $row->{name} } = check_row($row);
    }
    for my $row (grep { $_->{record} && $by_name{ $_->{name} } } @_) {
        check_record($by_name{ $row->{name} }, $row->{record}, $row->{name});
    }
    return \%by_name;
}

# --- a server of its own ------------------------------------------------------------

sub free_port {
    my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1') or die "no port: $!";
    return $s->sockport;
}

my @own;

# Sealed as everything here, unless $conf speaks of SpbeGuardRecipients.
sub own_conf {
    my ($dir, $port, $conf) = @_;
    $conf = "SpbeGuardRecipients $ENV{SPBE_RECIPIENTS}\n$conf" unless $conf =~ /SpbeGuardRecipients/;
    my $base = join '', grep { !/mod_spbe_t|mod_cgi/ } map { "$_\n" } split /\n/, slurp("$ENV{SPBE_W}/run/base-$ENV{SPBE_MPM}.conf");
    mkdir $dir unless -d $dir;
    spew("$dir/httpd.conf", <<"CONF");
$base
Listen 127.0.0.1:$port
ServerRoot "$dir"
ServerName 127.0.0.1:$port
DocumentRoot "$ENV{SPBE_ROOT}/htdocs"
PidFile $dir/httpd.pid
ErrorLog $dir/error_log
LogLevel info
DefaultRuntimeDir $dir
TypesConfig /etc/mime.types
<IfModule !mpm_prefork_module>
    StartServers 1
    ServerLimit 2
    ThreadsPerChild 8
    MaxRequestWorkers 16
</IfModule>
$conf
CONF
    return "$dir/httpd.conf";
}

# apache2 -t over that configuration: (output, exit status)
sub own_test {
    my ($name, $conf) = @_;
    my $file = own_conf("$ENV{SPBE_ROOT}/own-$name", free_port(), $conf);
    my $text = `/usr/sbin/apache2 -t -f $file 2>&1`;
    return ($text, $? >> 8);
}

# Starts it; returns { dir, port, pid, log }, or undef with {error} in $@.
sub own_server {
    my ($name, $conf) = @_;
    my %s = (dir => "$ENV{SPBE_ROOT}/own-$name", port => free_port());
    $s{log} = "$s{dir}/error_log";
    my $file = own_conf($s{dir}, $s{port}, $conf);
    $s{output} = `/usr/sbin/apache2 -f $file 2>&1`;
    wait_for(8, sub { -s "$s{dir}/httpd.pid" && IO::Socket::INET->new("127.0.0.1:$s{port}") }) or return \%s;
    ($s{pid}) = slurp("$s{dir}/httpd.pid") =~ /(\d+)/;
    $ENV{"SPBE_OWN_$name"} = $s{port};
    push @own, \%s;
    return \%s;
}

sub stop_own {
    for my $s (splice @own) {
        kill TERM => $s->{pid};
        wait_for(8, sub { !kill 0, $s->{pid} }) or kill KILL => $s->{pid};
    }
}

END { my $rc = $?; stop_own(); $? = $rc }

1;
