# SPDX-License-Identifier: Apache-2.0
# What is written down: before the page can be read, with the triggering input,
# never a secret; and how spbe-guardctl finds it again.
use strict;
use warnings FATAL => 'all';
use File::Find ();
use JSON::PP ();
use MIME::Base64 ();
use SPBE::Test;
use Test::More;
use Time::HiRes qw(sleep time);

my $json = JSON::PP->new->utf8->canonical;
my $trace = "PHP Fatal error:  Uncaught RuntimeException: KANARI-BOCOR izin in /srv/apps/php/izin.php:31\nStack trace:\n#0 /srv/apps/php/layanan.php(42): Izin->simpan()\n#1 /srv/apps/php/vendor/x/y.php(3): Layanan->jalan()\n#2 {main}\n  thrown in /srv/apps/php/izin.php on line 31\n";
rawd('catat', ['body'], ['send64', b64(http_raw('500 Galat', 'text/html', $trace))]);
rawd('catat2', ['body'], ['send64', b64(http_raw('500 Galat', 'text/html', do { (my $t = $trace) =~ s/izin in/surat 4711 in/; $t =~ s/y\.php\(3\)/y.php(99)/; $t }))]);
rawd('catat3', ['body'], ['send64', b64(http_raw('500 Galat', 'text/html', do { (my $t = $trace) =~ s/Izin->simpan/Warga->hapus/; $t =~ s/izin\.php/warga.php/g; $t }))]);

sub post {
    my ($type, $body, @headers) = @_;
    my $r = get('/raw/catat/layanan/17/edit?cari=Siti&halaman=2', body => $body, headers => [['Content-Type', $type], @headers]);
    my $record = record_of($r->h('X-Request-Ref'));
    my $input = $record->{input};
    $input = $json->decode($input) if defined $input && !ref $input;
    my %field = map { ("$_->{in} $_->{name}" => $_) } @{ $input->{fields} || [] };
    return ($record, $input, \%field);
}

# --- the triggering input: names, types, lengths, masks; never a value ----------------

my ($record, $input, $field) = post('application/x-www-form-urlencoded', 'nik=3171012345678901&nama=Siti+Aminah&tanggal=2025-01-31&password=S3CR3T-KANARI&kosong=');
ok($record, 'urlencoded: recorded') or BAIL_OUT('no record at all');
is($record->{method}, 'POST', 'method');
like($record->{route}, qr{^/raw/catat/layanan/\{id\}/edit$}, 'route without the id');
is($record->{application}, 'Layanan Perizinan', 'application');
is($record->{status_in}, 500, 'status inside');
is($record->{status_out}, 500, 'status shown');
like($record->{exception}, qr/RuntimeException/, 'exception');
like($record->{message}, qr/KANARI-BOCOR izin/, 'message');
is(ref $record->{frames}, 'ARRAY', 'frames') and cmp_ok(scalar @{ $record->{frames} }, '>=', 2, 'several frames');
like($json->encode($record->{frames}), qr/izin\.php/, 'a frame with its file');
like($record->{why}, qr/\S/, 'why it was classified so');
is($input->{method}, 'POST', 'input: method');
is($input->{body_length}, 87, 'input: length of the body') or diag $input->{body_length};
is($field->{'form nik'}{length}, 16, 'input: length of a field');
like($field->{'form nik'}{masked} // '', qr/^9{16}$/, 'input: digits masked');
like($field->{'form nama'}{masked} // '', qr/^A[a-z]+ A[a-z]+$/, 'input: letters masked');
ok(exists $field->{'form tanggal'} && exists $field->{'form kosong'}, 'input: every field');
ok(exists $field->{'form password'} && !defined $field->{'form password'}{masked}, 'input: a secret field without even its form');
ok(exists $field->{'query cari'}, 'input: query');

($record, $input, $field) = post('application/json', '{"nik":"3171012345678901","alamat":{"jalan":"Jl. A. Yani No. 1"},"token":"S3CR3T-KANARI","jumlah":3}');
like(join(' ', sort keys %$field), qr/json \S*nik/, 'JSON: fields');
($record, $input, $field) = post('multipart/form-data; boundary=batas', "--batas\r\nContent-Disposition: form-data; name=\"nama\"\r\n\r\nSiti\r\n--batas\r\nContent-Disposition: form-data; name=\"ktp\"; filename=\"S3CR3T-KANARI.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8ISI-S3CR3T-KANARI\r\n--batas--\r\n");
ok(exists $field->{'form nama'} || exists $field->{'multipart nama'}, 'multipart: a field');
ok((grep /ktp/, keys %$field), 'multipart: a file');
($record, $input, $field) = post('application/x-www-form-urlencoded', 'a=1', [Cookie => 'sesi=S3CR3T-KANARI; tema=gelap'], [Authorization => 'Bearer S3CR3T-KANARI']);
ok(exists $field->{'cookie sesi'}, 'cookie: its name');
($record, $input) = post('application/x-www-form-urlencoded', 'panjang=' . 'x' x 300_000);
ok($record, 'a large body: recorded');
is($input->{body_length}, 300_008, 'a large body: its length') if $record;

# --- secrets: nowhere --------------------------------------------------------------------

my @secret = ('S3CR3T-KANARI', '3171012345678901', 'S3CR3T%2DKANARI', '4111111111111111', 'X9876543-PASPOR', 'siti.aminah@contoh.go.id');
my $form = 'password=S3CR3T-KANARI&token=S3CR3T-KANARI&nik=3171012345678901&kartu=4111111111111111&nomor_paspor=X9876543-PASPOR&nama=Siti&pin=S3CR3T-KANARI&csrf_token=S3CR3T-KANARI';
my @leaky = (
    ['/raw/catat', body => $form],
    ["/raw/catat?$form"],
    ['/raw/catat?api_key=S3CR3T-KANARI', headers => [[Authorization => 'Basic UzNDUjNULUtBTkFSSQ=='], [Cookie => 'PHPSESSID=S3CR3T-KANARI'], ['X-Api-Key', 'S3CR3T-KANARI'], [Referer => 'http://x/?token=S3CR3T-KANARI'], ['Proxy-Authorization', 'Bearer S3CR3T-KANARI']]],
);
my %echo = (
    dsn => "SQLSTATE[HY000] [1045] mysql://sipd:S3CR3T-KANARI\@db/layanan pgsql:host=db;password=S3CR3T-KANARI;user=a",
    sql => "SQLSTATE[23000]: Integrity constraint violation: 1062 Duplicate entry '3171012345678901' for key 'warga.nik', SQL: INSERT INTO warga (nik, password, email) VALUES ('3171012345678901', 'S3CR3T-KANARI', 'siti.aminah\@contoh.go.id')",
    env => "DB_PASSWORD=S3CR3T-KANARI\nAPP_KEY=base64:S3CR3T-KANARI=\nAWS_SECRET_ACCESS_KEY=S3CR3T-KANARI",
    headers => "Cookie: sesi=S3CR3T-KANARI\nAuthorization: Bearer S3CR3T-KANARI\nSet-Cookie: a=S3CR3T-KANARI",
    args => "#0 /srv/a.php(3): login('siti', password: 'S3CR3T-KANARI')\n{\"password\":\"S3CR3T-KANARI\",\"nik\":\"3171012345678901\"}",
);
for my $name (sort keys %echo) {
    rawd("bocor-$name", ['body'], ['send64', b64(http_raw('500 Galat', 'text/plain', "$trace\n$echo{$name}\n"))]);
    push @leaky, ["/raw/bocor-$name", body => $form];
}
push @leaky, ['/php-off/secret.php', body => $form], ['/php-on/secret.php', body => $form], ['/php-off/dsn.php'], ['/php-off/dbdown.php'], ['/php-xdebug/dsn.php'] if $ENV{SPBE_FPM};
push @leaky, ['/py/django/gagal?nik=3171012345678901'], ['/py/debug/gagal?nik=3171012345678901'] if $ENV{SPBE_GUNICORN};
my @refs;
for my $case (@leaky) {
    my ($path, %o) = @$case;
    my $r = get($path, %o);
    push @refs, $r->h('X-Request-Ref') // ref_of($r);
}
my @found = grep { record_of($_) } @refs;
is(scalar @found, scalar @refs, 'requests with secrets: all recorded');
sleep 1;

# Every byte of the folder, the details decoded as well.
sub everything {
    my $all = '';
    File::Find::find({ no_chdir => 1, wanted => sub {
        return unless -f;
        my $bytes = slurp($_);
        $all .= $bytes;
        while ($bytes =~ /"d":"([\w-]+)"/g) { (my $b = $1) =~ tr{-_}{+/}; $all .= MIME::Base64::decode_base64($b) }
    } }, home());
    return $all . ctl('list', '--limit', 0, '--json') . join '', map { scalar ctl('show', $_, '--json') } @found;
}
my $all = everything();
cmp_ok(length $all, '>', 20_000, 'there is something to look through');
like($all, qr/KANARI-BOCOR izin/, 'and it holds what was meant to be kept');
for my $secret (@secret) {
    my $at = index $all, $secret;
    is($at, -1, "nowhere: $secret") or diag('... ' . substr($all, $at > 200 ? $at - 200 : 0, 300));
}

# --- the same fault, the same fingerprint ------------------------------------------------

my ($one, $two, $three) = map { record_of(get("/raw/$_")->h('X-Request-Ref'))->{fingerprint} } qw(catat catat2 catat3);
is($two, $one, 'fingerprint: the same over values and vendor lines');
isnt($three, $one, 'fingerprint: another fault, another one');

# --- lists --------------------------------------------------------------------------------

my ($text, $rc) = ctl('list', '--json', '--limit', 3);
is($rc, 0, 'list: exit status');
is(scalar record_json($text), 3, 'list --limit 3');
my @all = records();
cmp_ok(scalar @all, '>', 10, 'list --limit 0: all');
my $ref = $found[0];
for my $filter (['--kind', 'error', 'kind'], ['--class', 'code', 'class'], ['--application', 'Layanan Perizinan', 'application']) {
    my ($option, $value, $name) = @$filter;
    my @some = records($option, $value);
    ok(@some && !(grep { $_->{$name} ne $value } @some), "list $option $value: only those");
}
is(scalar(my @none = records('--application', 'Tidak Ada')), 0, 'list --application: none of another');
my @one = record_json(scalar ctl('list', '--reference', $ref, '--json'));
is($one[0]{ref}, $ref, 'list --reference');
(my $typed = lc $ref) =~ tr/-//d;
my ($shown, $code) = ctl('show', $typed, '--json');
is($code ? '' : (record_json($shown))[0]{ref}, $ref, 'show: as it is told on the telephone');
my $id = (record_json($shown))[0]{id} if !$code;
is((record_json(scalar ctl('show', $id, '--json')))[0]{ref}, $ref, 'show: by id') if $id;
(undef, $code) = ctl('show', 'ZZZZ-ZZZZ-ZZZ', '--json');
isnt($code, 0, 'show: a reference that is not there');
my $human = ctl('show', $ref);
like($human, qr/\Q$_\E/, "show for people: $_") for 'Input Pemicu Error', 'Status Error Internal', 'Arsip Log Teknis', $ref;
my @members = grep { !exists $one[0]{$_} } qw(id ref ts kind class responsible title fingerprint application route method status_in status_out);
is("@members", '', 'list: every member of the index');
@members = grep { !exists +(record_json($shown))[0]{$_} } qw(exception message frames trace log_lines input rule why);
is("@members", '', 'show: every member of the details');

# --- before the visitor can read it --------------------------------------------------------

my $own = own_server('file', <<"CONF");
SpbeGuardLog $ENV{SPBE_ROOT}/own-file/rahasia.log
SpbeGuardEngine On
LoadModule spbe_t_module $ENV{SPBE_W}/lib/mod_spbe_t.so
<Location /status>
    SetHandler t-status
</Location>
CONF
ok($own->{pid}, 'a server that logs to a file') or diag $own->{output};
SKIP: {
    skip 'no server', 3 unless $own->{pid};
    my ($late, $seen) = (0, 0);
    for (1 .. 40) {
        my $c = SPBE::Client->new(port => $own->{port});
        $c->send_raw("GET /status?500 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        my $bytes = '';
        while ($bytes !~ /X-Request-Ref: ($REF)/) { sysread($c->{sock}, my $b, 200) or last; $bytes .= $b }
        my ($ref) = $bytes =~ /X-Request-Ref: ($REF)/ or next;
        $seen++;
        $late++ if index(slurp("$own->{dir}/rahasia.log"), $ref) < 0;
    }
    is($seen, 40, 'forty failures');
    is($late, 0, '... each in the log when its reference can be read');
    is((stat "$own->{dir}/rahasia.log")[2] & 0777, 0600, 'the file is for its owner only');
}

# SpbeGuardRecordLimit: the longest parts are shortened, the index stays whole.
my $small = own_server('kecil', <<"CONF");
SpbeGuardLog $ENV{SPBE_ROOT}/own-kecil/rahasia.log
SpbeGuardRecordLimit 4096
SpbeGuardEngine On
LoadModule spbe_t_module $ENV{SPBE_W}/lib/mod_spbe_t.so
Alias /split $ENV{SPBE_W}/split
<Directory $ENV{SPBE_W}/split>
    Require all granted
</Directory>
<Location /split>
    SetHandler t-split
</Location>
CONF
sample('panjang.txt', "PHP Fatal error:  Uncaught RuntimeException: KANARI-BOCOR panjang in /srv/a.php:3\nStack trace:\n" . join('', map { "#$_ /srv/layanan_$_.php($_): Kelas$_->fungsi_yang_panjang_sekali_namanya($_)\n" } 0 .. 900) . "#901 {main}\n  thrown in /srv/a.php on line 3\n");
SKIP: {
    skip "no server: $small->{output}", 4 unless $small->{pid};
    my $r = get('/split/panjang.txt', vhost => 'SPBE_OWN_kecil');
    is($r->{status}, 500, 'a trace of 60 KB, SpbeGuardRecordLimit 4096');
    my $ref = $r->h('X-Request-Ref') // '-';
    my @lines = split /\n/, slurp("$small->{dir}/rahasia.log");
    my ($id) = map { /"id":"([^"]+)"/ } grep { index($_, $ref) >= 0 } @lines;
    my @mine = grep { $id && index($_, "\"id\":\"$id\"") >= 0 } @lines;
    ok(scalar @mine, '... recorded');
    my $size = 0;
    $size += length for @mine;
    cmp_ok($size, '<', 8192, "... in $size bytes on the pipe");
    is(scalar(grep { length > 4096 } @lines), 0, '... no line above PIPE_BUF');
}

# A chunked request body counts as what it holds.
SKIP: {
    skip 'PHP-FPM is not installed', 2 unless $ENV{SPBE_FPM};
    my $c = connection('main');
    $c->send_raw("POST /php-off/own500.php HTTP/1.1\r\nHost: x\r\nX-Test-Id: chunked-$$\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nnik=3\r\n7\r\n171&a=b\r\n0\r\n\r\n");
    my $record = record_of($c->response('POST')->h('X-Request-Ref'));
    my $input = $record->{input};
    $input = $json->decode($input) if defined $input && !ref $input;
    is($input->{body_length}, 12, 'a chunked body: its length');
    is((grep { $_->{name} eq 'nik' } @{ $input->{fields} })[0]{length}, 4, 'a chunked body: a field over the border');
}

# A visitor who does not read does not hold his record back. The newest only:
# after the other files there are so many that reading all takes longer than this.
my $slow = connection('main');
$slow->send_raw("GET /tidak-lambat/si-lambat HTTP/1.1\r\nHost: x\r\nX-Test-Id: slow-$$\r\n\r\n" . "GET /status?500 HTTP/1.1\r\nHost: x\r\nX-Test-Id: slow2-$$\r\n\r\n");
for my $row (['access', '/tidak-lambat/si-lambat', 404], ['error', '/status', 500]) {
    my ($kind, $route, $status) = @$row;
    ok(wait_for($ENV{SPBE_WAIT} // 5, sub { grep { $_->{route} eq $route && $_->{status_in} == $status } record_json(scalar ctl('list', '--kind', $kind, '--limit', 5, '--json')) }), "a visitor who does not read: $kind recorded all the same");
}

done_testing;
