# SPDX-License-Identifier: Apache-2.0
# What a visitor, a program, the application and fail2ban learn of a verdict:
# never a value, a pattern, a reason, or a name that the client made up.
use strict;
use warnings FATAL => 'all';
use JSON::PP ();
use SPBE::Test;
use Test::More;

my $html = [Accept => 'text/html'];
my $json = [Accept => 'application/json'];
my $dir = "$ENV{SPBE_ROOT}/own-refuse";
mkdir $_ for $dir, "$dir/env";
spew("$dir/env/galat.shtml", "<!--#printenv -->\n");
spew("$dir/templat.html", 'TEMPLAT {{#if fields}}{{fields_title}} {{fields}}{{/if}} {{saved}} {{back}} {{reference}}');

my %text = (type => 'string', minLength => 3, maxLength => 40);
spew("$dir/izin.json", JSON::PP->new->utf8->canonical->encode({
    openapi => '3.1.0', info => { title => 'Izin', version => '1' },
    paths => {
        '/halaman/izin' => { post => {
            parameters => [{ name => 'urut', in => 'query', schema => { type => 'integer' } }, { name => 'X-Kanal', in => 'header', schema => { enum => ['web', 'loket'] } }],
            requestBody => { required => JSON::PP::true, content => {
                'application/x-www-form-urlencoded' => { schema => { type => 'object', additionalProperties => JSON::PP::false, required => ['nik', 'nama'], properties => {
                    nik => { type => 'string', format => 'nik', 'x-spbe-label' => { id => 'NIK <pemohon> & "wali"', en => 'Identity number' } },
                    nama => { %text, 'x-spbe-hint' => { id => 'Tulis seperti pada KTP.' } },
                    kode => { type => 'string', maxLength => 9, pattern => '^RAHASIA-POLA$' } } } },
                'application/json' => { schema => { type => 'object', required => ['nama'], properties => {
                    nama => \%text, alamat => { type => 'object', dependentRequired => { jalan => ['kota'] }, properties => { jalan => \%text, kota => { enum => ['batam', 'karimun'] } } },
                    anak => { type => 'array', items => { type => 'object', required => ['umur'], properties => { umur => { type => 'integer', minimum => 1 } } } },
                    peta => { type => 'object', additionalProperties => { type => 'integer' } } } } } } },
            responses => { 200 => { description => 'ok' } } } } },
}));

my $own = own_server('refuse', <<"CONF");
SpbeGuardLog $dir/records
SpbeGuardFailure On
SpbeGuardInput On
<IfModule mod_http2.c>
    Protocols h2c http/1.1
</IfModule>
Header always set Access-Control-Allow-Origin "https://sini.test"
<Directory />
    Require all granted
</Directory>
<Location /halaman/>
    SpbeGuardPolicy $dir/izin.json
    SpbeGuardUnknown reject
</Location>
AliasMatch "^/(?:f|failoff|obs|teks|dok|hilang|templat|pengamat)/(.*)" "$dir/env/\$1"
<LocationMatch "^/(?:f|failoff|obs|teks|dok|hilang|templat|pengamat)/">
    SpbeGuardParam nik nik required label=NIK
    SpbeGuardParam catatan string maxlen=10
</LocationMatch>
<Location /failoff>
    SpbeGuardFailure Off
</Location>
<Location /pengamat>
    SpbeGuardFailure DetectOnly
</Location>
<Location /obs>
    SpbeGuardInput DetectOnly
</Location>
<Location /teks>
    ErrorDocument 422 "HALAMAN-KANTOR singkat"
</Location>
<Location /dok>
    ErrorDocument 422 /env/galat.shtml
</Location>
<Location /hilang>
    SpbeGuardFailure Off
    ErrorDocument 422 /tidak/ada.html
</Location>
<Location /templat>
    SpbeGuardErrorPage templat.html
</Location>
Alias /env/ "$dir/env/"
<Directory "$dir/env">
    Options +Includes
    AddOutputFilter INCLUDES .shtml
    AddType text/html .shtml
</Directory>
ProxyPass /belakang/ http://127.0.0.1:$ENV{SPBE_RAWD}/
<Location /belakang>
    SpbeGuardParam urut integer
    SpbeGuardVerdictHeader On
</Location>
<Location /belakang/tanpa>
    SpbeGuardVerdictHeader Off
</Location>
CONF
ok($own->{pid}, 'a server of its own') or do { diag($own->{output}, slurp($own->{log})); done_testing; exit };

sub ask { my ($path, @o) = @_; return get($path, vhost => 'SPBE_OWN_refuse', @o) }
sub send_form { my ($path, $body, @headers) = @_; return ask($path, method => 'POST', body => $body, headers => [@headers]) }
sub send_json { my ($path, $body, @headers) = @_; return send_form($path, $body, ['Content-Type', 'application/json'], @headers) }
sub errors { my $r = shift; my $j = eval { JSON::PP->new->utf8->decode($r->{body}) } || {}; return $j->{errors} || [] }

# Without a page of CSS in the diagnosis.
sub has { my ($r, $want, $label) = @_; ok($r->{body} =~ $want, "$label: has $want") or diag($r->{body} =~ s/<style>.*<\/style>|<[^>]*>//sgr =~ s/\n+/\n/gr) }

# Of all that must not come back: values, names, the pattern, our own words.
my @secret = (qr/KANARI/, qr/RAHASIA-POLA/, qr/unknown-field|json-syntax|minLength|"schema"|utf-8-|double-encoding/, qr{/(?:izin\.json|own-refuse)});
sub tells_nothing { my ($r, $label) = @_; is(join(' ', grep { $r->{wire} =~ $_ } @secret), '', "$label: nothing of the request or the policy") or diag($r->{wire} =~ s/<style>.*<\/style>//sr) }

sub refused {
    my ($r, $status, $label) = @_;
    is($r->{status}, $status, "$label: status") or diag($r->{wire} =~ s/<style>.*<\/style>//sr);
    like($r->h('X-Request-Ref') // '', qr/^$REF$/, "$label: reference");
    is($r->h('Cache-Control'), 'no-store', "$label: not stored");
    is($r->h('Access-Control-Allow-Origin'), 'https://sini.test', "$label: what mod_headers says of CORS stays");
    tells_nothing($r, $label);
}

# --- for people -------------------------------------------------------------------

my $r = send_form('/halaman/izin', 'nama=ab&kode=KANARI&KANARI-NAMA=1', $html);
refused($r, 422, 'form');
has($r, $_, 'form') for qr/<h1[^>]*>Ada isian yang perlu diperbaiki/, qr/<strong>Data Anda belum disimpan\.<\/strong> Tekan tombol Kembali/,
    qr/<strong>NIK &lt;pemohon&gt; &amp; &quot;wali&quot;<\/strong> Harus diisi\./, qr/<strong>Nama<\/strong> Isi paling sedikit 3/, qr/Tulis seperti pada KTP\./,
    qr/<strong>Kode<\/strong> Bentuk isian ini belum sesuai/, qr/<li>Ada isian yang bukan bagian dari formulir ini\./,
    qr/history\.back\(\)/, qr/<p lang="en"|lang="en"/;
like($r->h('Content-Security-Policy'), qr/script-src 'sha256-[A-Za-z0-9+\/=]{44}'/, 'form: its script is allowed by hash');
unlike($r->h('Content-Security-Policy'), qr/unsafe/, 'form: ... and no other');
$r = send_form('/halaman/izin?urut=KANARI', 'nama=ab', $html);
refused($r, 422, 'query and form');
has($r, $_, 'query and form, in one page') for qr/<strong>Urut<\/strong> Harus berupa bilangan bulat/, qr/<strong>Nama<\/strong> Isi paling/;
$r = send_form('/halaman/izin', 'nama=ab', $html, ['Accept-Language', 'en']);
refused($r, 422, 'English');
has($r, $_, 'English') for qr/Your data has not been saved\./, qr/Identity number/;
$r = ask('/halaman/izin', method => 'POST', body => 'nama=ab', headers => [[Accept => 'text/plain']]);
like($r->{body}, qr/^- Nama: Isi paling sedikit 3/m, 'text');

# --- for programs -------------------------------------------------------------------

$r = send_json('/halaman/izin', '{"nama":"KANARI","alamat":{"jalan":"KANARI"},"anak":[{"umur":1},{"umur":0},{}],"peta":{"KANARI<x>":"y"}}', $json);
refused($r, 422, 'JSON');
like($r->h('Content-Type'), qr{^application/problem\+json}, 'JSON: RFC 9457');
my %by = map { ($_->{pointer} // $_->{parameter} // $_->{header} // '?') => $_->{detail} } @{ errors($r) };
like($by{'#/anak/1/umur'} // '', qr/Paling kecil 1/, 'JSON: pointer to an element') or diag($r->{body});
like($by{'#/anak/2/umur'} // '', qr/Harus diisi/, 'JSON: pointer to what is missing');
is($by{'#/alamat/kota'}, 'Harus dipilih.', 'JSON: pointer to a choice that another member asks for');
ok(exists $by{'#/peta'}, 'JSON: a name of the client is cut off the pointer') or diag($r->{body});
$r = send_json('/halaman/izin?urut=x', '{"nama":"Siti"}', $json, ['X-Kanal', 'KANARI']);
refused($r, 422, 'parameters');
my %at = map { ($_->{parameter} // $_->{header} // '?') => $_->{detail} } @{ errors($r) };
like($at{urut} // '', qr/bilangan bulat/, 'parameters: query') or diag($r->{body});
like($at{'X-Kanal'} // '', qr/Pilih salah satu: web, loket/, 'parameters: header');
$r = send_form('/halaman/izin', 'nama=ab', $json);
is(join(' ', sort map { $_->{pointer} // '?' } @{ errors($r) }), '#/nama #/nik', 'form: pointers to its fields');
$r = send_form('/halaman/izin', 'nama=ab', [Accept => 'application/xml']);
like($r->{body}, qr{<errors>\s*<i><detail>[^<]+</detail><pointer>#/}, 'XML');

# --- other statuses -------------------------------------------------------------------

for my $case (
    ['malformed', 400, '/f/galat.shtml', 'nik=%zzKANARI', undef, qr/tidak dapat dipahami/],
    ['malformed JSON', 400, '/f/galat.shtml', '{"KANARI":', 'application/json', qr/tidak dapat dipahami/],
    ['media type', 415, '/halaman/izin', '<KANARI/>', 'application/xml', qr/Jenis data tidak dapat diterima/],
    ['too large', 413, '/f/galat.shtml', 'catatan=' . 'a' x 1_100_000, undef, qr/Ukuran terbesar yang dapat diterima: 1 MB\./],
) {
    my ($label, $status, $path, $body, $type, $words) = @$case;
    $r = send_form($path, $body, $html, $type ? ['Content-Type', $type] : ());
    refused($r, $status, $label);
    has($r, $_, $label) for $words, qr/Data Anda belum disimpan/;
    ok($r->{body} !~ /<ul>|memastikan apakah/, "$label: no fields, no doubt");
    is_deeply(errors(send_form($path, $body, $json, $type ? ['Content-Type', $type] : ())), [], "$label: no errors for programs");
}
$r = ask('/halaman/izin', method => 'DELETE', headers => [$html]);
refused($r, 405, 'method');
is($r->h('Allow'), 'POST', 'method: Allow');
unlike($r->{body}, qr/belum disimpan|<script/, 'method: nobody thought so');
$r = ask('/halaman/izin', method => 'OPTIONS', headers => [[Origin => 'https://lain.test'], ['Access-Control-Request-Method', 'DELETE']]);
isnt($r->{status}, 405, 'a preflight is not judged by its method');
$r = ask('/f/galat.shtml?nik=x', method => 'HEAD', headers => [$html]);
refused($r, 422, 'HEAD');
is($r->{body}, '', 'HEAD: no body');
cmp_ok($r->h('Content-Length'), '>', 1000, 'HEAD: the length of the page');
$r = ask('/f/galat.shtml?nik=x', headers => [$html]);
refused($r, 422, 'GET');
has($r, $_, 'GET') for qr/<h1[^>]*>Ada isian yang perlu diperbaiki/, qr/<strong>NIK<\/strong> Harus berupa NIK/;
unlike($r->{body}, qr/belum disimpan|not been saved|masih ada di formulir|<script/, 'GET: nothing was to be saved');
unlike(ask('/f/galat.shtml?nik=x', headers => [$json])->{body}, qr/belum disimpan/, 'GET: nor for programs');

# --- modes, ErrorDocument, template -----------------------------------------------------

$r = send_form('/failoff/galat.shtml', 'nik=KANARI', $html);
refused($r, 422, 'Failure Off');
like($r->{body}, qr/<strong>NIK<\/strong>/, 'Failure Off: the page of input all the same');
$r = ask('/failoff/tidak-ada?nik=2171994508909999', headers => [$html]);
is($r->{status}, 404, 'Failure Off: 404');
ok(!defined $r->h('X-Request-Ref'), "Failure Off: httpd's own page");
$r = send_form('/pengamat/galat.shtml', 'nik=KANARI', $html);
refused($r, 422, 'Failure DetectOnly');
$r = send_form('/obs/galat.shtml', 'nik=KANARI', $html);
is($r->{status}, 200, 'Input DetectOnly refuses nothing');
ok(!defined $r->h('X-Request-Ref'), 'Input DetectOnly: no header');
$r = send_form('/teks/galat.shtml', 'nik=KANARI', $html);
is($r->{status}, 422, 'ErrorDocument with a text: status');
is($r->{body}, 'HALAMAN-KANTOR singkat', 'ErrorDocument with a text wins');
$r = send_form('/dok/galat.shtml', 'nik=KANARI', $html);
is($r->{status}, 422, 'ErrorDocument: status');
like($r->{body}, qr/^SPBE_VERDICT=invalid$/m, 'ErrorDocument: SPBE_VERDICT') or diag($r->{body});
like($r->{body}, qr/^SPBE_VERDICT_FIELDS=nik$/m, 'ErrorDocument: SPBE_VERDICT_FIELDS');
my ($ref) = $r->{body} =~ /^SPBE_REF=($REF)$/m;
ok($ref, 'ErrorDocument: SPBE_REF');
$r = send_form('/hilang/galat.shtml', 'nik=KANARI', $html);
refused($r, 422, 'ErrorDocument that is not there');
$r = send_form('/templat/galat.shtml', 'nik=KANARI', $html);
refused($r, 422, 'own template');
like($r->{body}, qr/^TEMPLAT Yang perlu diperbaiki <ul>\n<li><strong>NIK<\/strong>.*Data Anda belum disimpan\./s, 'own template: its variables');

# --- HTTP/2, connections, files ----------------------------------------------------------

SKIP: {
    skip 'no HTTP/2', 2 if $ENV{SPBE_MPM} eq 'prefork' || !-x '/usr/bin/curl';
    my $out = `curl -s -i --max-time 10 --http2-prior-knowledge -d nik=KANARI -H 'Accept: application/json' http://127.0.0.1:$own->{port}/f/galat.shtml`;
    like($out, qr{^HTTP/2 422.*"pointer":"#/nik"}s, 'HTTP/2');
    unlike($out, qr/KANARI/, 'HTTP/2: nothing of the request');
}
my $conn = SPBE::Client->new(port => $own->{port});
my @two = map { ask('/f/galat.shtml', method => 'POST', body => $_, via => $conn, headers => [$json]) } 'nik=KANARI', 'nik=2171994508909999';
is("@{[map { $_->{status} } @two]}", '422 200', 'the connection is as good as before');

# --- what the application is told -----------------------------------------------------------

sub env { my ($path) = @_; my $body = ask($path)->{body}; return join ' ', map { /^(SPBE_(?:VERDICT|VERDICT_FIELDS|ROUTE)=.*)$/ ? $1 : () } sort split /\n/, $body }
is(env('/f/galat.shtml?nik=2171994508909999'), 'SPBE_VERDICT=valid', 'valid') or diag(ask('/f/galat.shtml?nik=2171994508909999')->{wire});
is(env('/f/galat.shtml?nik=2171994508909999&a%20b,c=1'), 'SPBE_VERDICT=invalid SPBE_VERDICT_FIELDS=a_b_c', 'only logged');
is(env('/obs/galat.shtml?nik=1'), 'SPBE_VERDICT=invalid SPBE_VERDICT_FIELDS=nik', 'DetectOnly');
is(env('/env/galat.shtml?x=1'), 'SPBE_VERDICT=unchecked', 'no policy');
rawd('gema', ['gema']);
my @forged = (['X-Spbe-Verdict', 'PALSU'], ['X_Spbe_Verdict', 'PALSU'], ['X-Spbe_Lain', 'PALSU'], ['x.spbe.ref', 'PALSU']);
rawd('tanpa', ['gema']);
for my $case (['/belakang/gema?urut=1', 'valid'], ['/belakang/gema?lain=1', 'invalid']) {
    my ($path, $want) = @$case;
    $r = ask($path, headers => [@forged]);
    unlike($r->{wire}, qr/PALSU/, "$path: forged headers do not arrive");
    like($r->{body}, qr/"x-spbe-verdict": "$want"/, "$path: X-Spbe-Verdict");
    for my $named ('X-Spbe-Verdict', 'close, x-spbe-verdict', 'X_Spbe_Verdict ,close') {
        $r = ask($path, headers => [['Connection', $named]]);
        like($r->{body}, qr/"x-spbe-verdict": "$want"/, "$path: ... with Connection: $named");
    }
}
$r = ask('/belakang/tanpa', headers => [@forged]);
like($r->{body}, qr/"how": "proxy"/, 'SpbeGuardVerdictHeader Off: arrives');
unlike($r->{body}, qr/PALSU|spbe-verdict/i, '... without a word of a verdict');

# --- the error log ----------------------------------------------------------------------------

my @lines = grep { /SG0030/ } split /\n/, slurp($own->{log});
cmp_ok(scalar @lines, '>', 20, 'a line for each refusal');
is(scalar(grep { !/SG0030: input refused, client=127\.0\.0\.1 ref=$REF status=\d{3} reason=[a-z0-9-]+ fields=\d+(?:, referer: .*)?$/ } @lines), 0, '... all of one form');
ok(!(grep { /KANARI/ } @lines), '... without a byte of the client');
ok((grep { /ref=\Q$ref\E status=422 reason=schema fields=1/ } @lines), '... with the reference that was shown');
my @records = split /\n/, slurp("$dir/records");
ok((grep { index($_, $ref) >= 0 } @records), 'and a record');

done_testing;
