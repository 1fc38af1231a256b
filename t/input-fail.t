# SPDX-License-Identifier: Apache-2.0
# The check itself fails: no temporary file can be made or written, all of them
# together are too large. SpbeGuardFailMode decides; nothing is lost on the way.
use strict;
use warnings FATAL => 'all';
use SPBE::Body;
use SPBE::Test;
use Test::More;
use Time::HiRes qw(sleep time);

rawd('gema', ['gema']);
my $dir = "$ENV{SPBE_ROOT}/own-fail";
mkdir $_ for $dir, "$dir/terkunci", "$dir/kecil";
chmod 0500, "$dir/terkunci";

sub conf {
    my ($name, $lines) = @_;
    my $places = join '', map { my ($p, $l) = @$_; "ProxyPass /$p/ http://127.0.0.1:$ENV{SPBE_RAWD}/\n<Location /$p/>\n$l\n</Location>\n" }
        ['tutup', 'SpbeGuardFailMode closed'], ['buka', 'SpbeGuardFailMode open'], ['bawaan', ''], ['kebijakan', 'SpbeGuardParam isi0 string'], ['amati', 'SpbeGuardInput DetectOnly'];
    my $s = own_server($name, "SpbeGuardLog $dir/records-$name\nSpbeGuardFailure On\nSpbeGuardInput On\nTimeout 3\n$lines\n$places\n<Location /angka>\nSetHandler spbe-guard-metrics\n</Location>");
    ok($s->{pid}, "$name: a server") or diag $s->{output};
    return $s;
}

my %body = (small => form(1000), large => form(300_000));

# place => status of a body that needs a file
my %want = (tutup => 503, buka => 200, bawaan => 200, kebijakan => 503, amati => 200);

sub table {
    my ($server, $what) = @_;
    for my $place (sort keys %want) {
        for my $each (0, 3000) {
            my $label = "$what, /$place" . ($each ? ' in chunks' : '');
            my $r = post("/$place/gema", $body{large}, each => $each, vhost => "SPBE_OWN_$server");
            is($r->{status}, $want{$place}, "$label: $want{$place}");
            if ($want{$place} == 200) {
                is(gema($r)->{sha1}, sha1_hex($body{large}), "$label: byte for byte");
            }
            else {
                like($r->h('X-Request-Ref') // '', qr/^$REF$/, "$label: a reference");
            }
            is(gema(post("/$place/gema", $body{small}, vhost => "SPBE_OWN_$server"))->{sha1}, sha1_hex($body{small}), "$label: what fits into memory passes");
        }
    }
}

my $locked = conf('terkunci', "SpbeGuardSpoolDir $dir/terkunci");
table('terkunci', 'a folder that cannot be written');
like(slurp($locked->{log}), qr/SG0031: .*no temporary file can be made/, 'the error log says why');

my $small = conf('kecil', "SpbeGuardSpoolDir $dir/kecil\nSpbeGuardSpoolLimit 200K");
table('kecil', 'SpbeGuardSpoolLimit is reached');
like(slurp($small->{log}), qr/SG0031: .*SpbeGuardSpoolLimit is reached/, 'the error log says why');
my $fits = form(90_000);
# what a body had is given back when its request has gone, a moment after the answer
for my $time (1 .. 5) {
    ok(wait_for(3, sub { gema(post('/tutup/gema', $fits, vhost => 'SPBE_OWN_kecil'))->{sha1} eq sha1_hex($fits) }), "below the limit: passes, time $time");
}

# bytes that bodies hold now in the server with the small limit; -1: not known
sub spooled { return (get('/angka', vhost => 'SPBE_OWN_kecil')->{body} // '') =~ /^spbe_guard_spool_bytes (\d+)/m ? $1 : -1 }

# two that together are too much: of one client, or of several; what one had is
# given back
for ([1, 'of one client', qr/one client's share of SpbeGuardSpoolLimit/], [3, 'of three clients', qr/SG0031: .*: SpbeGuardSpoolLimit is reached/]) {
    my ($clients, $label, $why) = @$_;
    my $at = -s $small->{log};
    ok(wait_for(10, sub { spooled() == 0 }), "$label: nothing is held before");
    my ($first, $more, $second) = map { SPBE::Client->new(port => port('SPBE_OWN_kecil'), from => "127.0.0.$_", timeout => 8) } $clients == 1 ? (2, 3, 2) : (2, 3, 4);
    my $head = "POST /tutup/gema HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " . length($fits) . "\r\nConnection: close\r\n\r\n";
    $first->send_raw($head . substr $fits, 0, 80_000);
    $more->send_raw($head . substr $fits, 0, 80_000) if $clients > 1;
    my $held = 80_000 * ($clients > 1 ? 2 : 1);
    ok(wait_for(10, sub { spooled() >= $held }), '... the bytes of the unfinished bodies are held');
    $second->send_raw($head . $fits);
    is($second->response('POST')->{status}, 503, "$label: together too much");
    like(substr(slurp($small->{log}), $at), $why, '... the error log says which');
    if ($clients == 1) {
        $more->send_raw($head . $fits);
        is(gema($more->response('POST'))->{sha1}, sha1_hex($fits), '... another client is served meanwhile');
    }
    $first->send_raw(substr $fits, 80_000);
    is(gema($first->response('POST'))->{sha1}, sha1_hex($fits), '... the first one is not disturbed');
    $_->close for $first, $more, $second;
    ok(wait_for(3, sub { post('/tutup/gema', $fits, vhost => 'SPBE_OWN_kecil')->{status} == 200 }), '... and what it had is free again');
}

# a client that stops sending
{
    my $c = SPBE::Client->new(port => port('SPBE_OWN_kecil'), timeout => 12);
    $c->send_raw("POST /tutup/gema HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\na=1");
    my $start = time;
    my $r = $c->response('POST');
    is($r->{status}, 408, 'a client that stops sending: 408');
    cmp_ok(time - $start, '<', 8, '... after the Timeout');
}

# libmagic without its data
{
    local $ENV{MAGIC} = "$dir/tidak-ada";
    my $blind = own_server('buta', "SpbeGuardLog $dir/records-buta\nSpbeGuardFailure On\nSpbeGuardInput On\nSpbeGuardParam berkas file types=pdf\nProxyPass /tutup/ http://127.0.0.1:$ENV{SPBE_RAWD}/\nProxyPass /buka/ http://127.0.0.1:$ENV{SPBE_RAWD}/\n<Location /buka/>\nSpbeGuardFailMode open\n</Location>");
    ok($blind->{pid}, 'libmagic without its data: a server') or diag $blind->{output};
    my $file = "--B\r\nContent-Disposition: form-data; name=\"berkas\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\n\r\n--B--\r\n";
    for my $row (['/tutup/gema', 503, 'closed'], ['/buka/gema', 200, 'open']) {
        my ($path, $status, $mode) = @$row;
        is(post($path, $file, type => 'multipart/form-data; boundary=B', vhost => 'SPBE_OWN_buta')->{status}, $status, "... FailMode $mode");
    }
}

# memory that cannot be had: refused, or the process ends; nothing passes
SKIP: {
    skip 'prlimit is not installed', 4 if system('prlimit --version >/dev/null 2>&1') != 0;
    my $poor = conf('sempit', '');
    my $fields = join '&', map { "f$_=" . 'x' x 900 } 1 .. 900;
    is(post('/kebijakan/gema', $fields, vhost => 'SPBE_OWN_sempit')->{status}, 200, 'memory: enough of it');
    for my $child (split ' ', `ps -o pid= --ppid $poor->{pid}`) {
        my ($size) = slurp("/proc/$child/status") =~ /VmSize:\s+(\d+)/ or next;
        system 'prlimit', "--pid=$child", '--as=' . ($size + 512) * 1024;
    }
    my $r = eval { post('/kebijakan/gema', $fields, vhost => 'SPBE_OWN_sempit') };
    isnt($r ? $r->{status} // '' : '', 200, 'memory: none left, nothing passes');
    like(slurp($poor->{log}), qr/Cannot allocate memory|out of memory|AH0005[12]/i, '... the error log says it');
}

# no name of a temporary file is ever to be seen, and none stays behind
is(join(' ', glob("$dir/kecil/* $dir/kecil/.??*")), '', 'nothing stays in the folder');

my @records = map { slurp($_) } glob "$dir/records-*";
like(join('', @records), qr/"rule":"engine"|engine/, 'a failure of the check is recorded');
chmod 0700, "$dir/terkunci";
done_testing;
