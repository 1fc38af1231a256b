# SPDX-License-Identifier: Apache-2.0
# The directives of input validation: errors name directive, value and what is
# allowed, for a policy also its file, line and column; inner sections add to
# outer ones.
use strict;
use warnings FATAL => 'all';
use SPBE::Body;
use SPBE::Test;
use Test::More;

my $dir = "$ENV{SPBE_ROOT}/config-input";
mkdir $dir;
my $log = "SpbeGuardLog $dir/log";
my $good = '{"openapi":"3.1.0","info":{"title":"a","version":"1"},"paths":{"/raw/gema":{"post":{"requestBody":{"content":{"application/x-www-form-urlencoded":{"schema":{"type":"object","required":["nik"],"properties":{"nik":{"type":"string","format":"nik","maxLength":16}}}}}},"responses":{"200":{"description":"ok"}}}}}}';
spew("$dir/baik.json", $good);
spew("$dir/putus.json", "{\n  \"openapi\": \"3.1.0\",\n  \"info\": ");
(my $unknown = $good) =~ s/"maxLength"/\n  "panjangMaks"/;
spew("$dir/kata.json", $unknown);
(my $format = $good) =~ s/"format":"nik"/\n\n   "format":"nikk"/;
spew("$dir/format.json", $format);

my @bad = (
    ['SpbeGuardPolicy', "$dir/tidak-ada.json", 'tidak-ada.json', 'cannot be read'],
    ['SpbeGuardPolicy', "$dir/putus.json", qr/putus\.json:3:\d+: /],
    ['SpbeGuardPolicy', "$dir/kata.json", qr/kata\.json:2:\d+: /, 'panjangMaks'],
    ['SpbeGuardPolicy', "$dir/format.json", qr/format\.json:3:\d+: /, 'nikk'],
    ['SpbeGuardPolicy', '', 'argument'],
    ['SpbeGuardParam', '', 'SpbeGuardParam'],
    ['SpbeGuardParam', 'nik nikk', 'nikk'],
    ['SpbeGuardParam', 'nik', 'SpbeGuardParam'],
    ['SpbeGuardParam', 'umur integer min=abc', 'abc'],
    ['SpbeGuardParam', 'a string pattern=(', 'pattern'],
    ['SpbeGuardUnknown', 'tolak', 'tolak', 'reject', 'log', 'allow'],
    ['SpbeGuardIgnoreParam', 'a*b', 'a*b', 'none'],
    ['SpbeGuardMalformed', 'persen reject', 'persen', 'percent-encoding', 'all'],
    ['SpbeGuardMalformed', 'all', 'reject', 'log'],
    ['SpbeGuardMalformed', 'reject', 'reject'],
    ['SpbeGuardMalformed', 'all log nama', 'nama', 'field='],
    ['SpbeGuardMalformed', 'unknown-field log', 'unknown-field', 'json-syntax'],
    ['SpbeGuardLimit', 'panjang 3', 'panjang', 'fields', 'depth'],
    ['SpbeGuardLimit', 'depth 100', '100', '64'],
    ['SpbeGuardLimit', 'depth', 'argument'],
    ['SpbeGuardBodyLimit', '0', '0', '1G'],
    ['SpbeGuardBodyLimit', '2G', '2G', '1G'],
    ['SpbeGuardBodyLimit', '1M lewat', 'lewat', 'pass'],
    ['SpbeGuardFailMode', 'tertutup', 'tertutup', 'closed', 'open'],
    ['SpbeGuardVerdictHeader', 'ya', 'On'],
    ['SpbeGuardClientScript', 'ya', 'ya', 'On', 'Off'],
    ['SpbeGuardClientScript', 'On tanpa-garis', 'tanpa-garis', '/'],
    ['SpbeGuardClientScript', 'On "/a b"', '/a b'],
    ['SpbeGuardSpoolDir', "$dir/tidak-ada", 'tidak-ada', 'folder'],
    ['SpbeGuardSpoolLimit', 'banyak', 'banyak', 'bytes'],
);
for my $case (@bad) {
    my ($name, $args, @says) = @$case;
    my ($text, $rc) = own_test('config', "$log\nSpbeGuardInput On\n$name $args\n");
    isnt($rc, 0, "$name $args: refused");
    like($text, qr/\Q$name\E/, "$name $args: names the directive");
    like($text, ref $_ ? $_ : qr/\Q$_\E/, "$name $args: says " . (ref $_ ? 'where' : "'$_'")) or diag $text for @says;
}

my ($text, $rc) = own_test('config', <<"CONF");
$log
SpbeGuardEngine On
SpbeGuardPolicy $dir/baik.json
SpbeGuardParam nik nik required label="Nomor induk"
SpbeGuardParam berkas file maxsize=2M types=pdf,jpg maxcount=3
SpbeGuardUnknown reject
SpbeGuardIgnoreParam utm_x *-jejak none _fw*
SpbeGuardMalformed all log
SpbeGuardMalformed percent-encoding utf-8 reject field=nik field=nama*
SpbeGuardMalformed schema media-type log
SpbeGuardLimit fields 50
SpbeGuardLimit file-size 5M
SpbeGuardLimit files 0
SpbeGuardBodyLimit 2M pass
SpbeGuardFailMode closed
SpbeGuardVerdictHeader On
SpbeGuardClientScript On /aturan.js
SpbeGuardSpoolDir $dir
SpbeGuardSpoolLimit 10G
<Location /a>
    SpbeGuardPolicy none
    SpbeGuardParam none
    SpbeGuardUnknown allow
</Location>
CONF
is($rc, 0, 'everything at once: accepted') or diag $text;
unlike($text, qr/SG0004/, 'Input is no longer only a switch');

for my $name (qw(SpbeGuardPolicy SpbeGuardInput SpbeGuardParam SpbeGuardMalformed SpbeGuardBodyLimit)) {
    mkdir "$dir/htaccess";
    my $s = own_server("ht-$name", "$log\n<Directory $ENV{SPBE_ROOT}>\nAllowOverride All\nRequire all granted\n</Directory>\nAlias /ht $dir/htaccess\n");
    spew("$dir/htaccess/.htaccess", "$name none\n");
    spew("$dir/htaccess/a.txt", "isi\n");
    is(get('/ht/a.txt', vhost => "SPBE_OWN_ht-$name")->{status}, 500, "$name: not in .htaccess");
}

# --- how sections add up ------------------------------------------------------------------

rawd('gema', ['gema']);
spew("$dir/pendek.json", '{"openapi":"3.1.0","info":{"title":"a","version":"1"},"paths":{"/pendek":{"get":{"parameters":[{"name":"id","in":"query","required":true,"schema":{"type":"integer","maximum":100}}],"responses":{"200":{"description":"ok"}}}}}}');
my $id = '{"name":"id","in":"query","required":true,"schema":{"type":"integer","maximum":100}}';
my $x = '{"name":"x","in":"path","required":true,"schema":{"type":"string","maxLength":40}}';
spew("$dir/jalan.json", qq({"openapi":"3.1.0","info":{"title":"a","version":"1"},"paths":{"/jalan/ok.sh":{"get":{"parameters":[$id]}},"/jalan/{x}":{"get":{"parameters":[$x]}}}}));
spew("$dir/ketat.json", qq({"openapi":"3.1.0","info":{"title":"a","version":"1"},"paths":{"/ketat/jalan/ok.sh":{"get":{"parameters":[$id]}}}}));
mkdir "$dir/jalan";
spew("$dir/jalan/ok.sh", "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\nok\\n'\n");
chmod 0755, "$dir/jalan/ok.sh" or die;
my ($modules) = slurp("$ENV{SPBE_W}/run/base-$ENV{SPBE_MPM}.conf") =~ m{^\s*LoadModule\s+\S+\s+"?(/\S*?)/mod_[a-z0-9_]+\.so}m;
my $s = own_server('merge', <<"CONF");
<IfModule !mod_cgi.c>
    LoadModule cgi_module $modules/mod_cgi.so
</IfModule>
ProxyPass /jalan/ !
ProxyPass /ketat/ !
ScriptAlias /jalan/ $dir/jalan/
ScriptAlias /ketat/jalan/ $dir/jalan/
<Directory $dir/jalan>
    Require all granted
</Directory>
<Location /jalan>
    SpbeGuardPolicy $dir/jalan.json
</Location>
<Location /ketat>
    SpbeGuardPolicy $dir/ketat.json
    SpbeGuardUnknown reject
</Location>
SpbeGuardLog $dir/log-merge
SpbeGuardFailure On
SpbeGuardInput On
SpbeGuardLimit fields 3
ProxyPass / http://127.0.0.1:$ENV{SPBE_RAWD}/
<Location /raw>
    SpbeGuardMalformed percent-encoding log
    SpbeGuardParam umur integer min=1 max=150
    SpbeGuardParam kota string values=solo|pati
</Location>
<Location /raw/gema>
    SpbeGuardParam umur integer min=18
    SpbeGuardUnknown reject
    SpbeGuardLimit depth 2
    SpbeGuardMalformed percent-encoding reject field=umur
</Location>
<Location /raw/gema/lepas>
    SpbeGuardParam none
    SpbeGuardUnknown allow
    SpbeGuardInput DetectOnly
</Location>
<Location /raw/baru>
    SpbeGuardParam none
    SpbeGuardParam kelas integer max=6
</Location>
<Location /raw/tahap>
    SpbeGuardMalformed schema log field=umur
    SpbeGuardMalformed all reject
</Location>
<Location /bebas>
    SpbeGuardMalformed all log
    SpbeGuardLimit fields 1000
</Location>
<Location /pendek>
    SpbeGuardPolicy $dir/pendek.json
</Location>
RewriteEngine On
RewriteRule "^/izin/([0-9a-z%]+)\$" "/pendek?id=\$1" [PT]
RewriteRule "^/lama-sekali\$" "/pendek" [PT,QSA]
CONF
ok($s->{pid}, 'merge: a server') or diag $s->{output};
rawd($_, ['gema']) for qw(raw bebas pendek);
my @merge = (
    ['/raw/x?umur=5', 200, 'outer parameter'],
    ['/raw/x?umur=0', 422, 'outer parameter, too small'],
    ['/raw/x?lain=1', 200, 'outer: an unknown field is only recorded'],
    ['/raw/gema?umur=20', 200, 'inner parameter replaces the outer one'],
    ['/raw/gema?umur=5', 422, 'inner parameter, too small for it'],
    ['/raw/gema?umur=160', 200, 'inner parameter: the outer maximum is gone'],
    ['/raw/gema?kota=solo', 200, 'the other outer parameter stays'],
    ['/raw/gema?kota=roma', 422, '... and is still checked'],
    ['/raw/gema?lain=1', 422, 'inner: an unknown field is refused'],
    ['/raw/gema?utm_source=1', 200, '... unless every site has it'],
    ['/raw/gema?kota=%zz', 422, 'malformed, only recorded: then it is no town'],
    ['/raw/gema?umur=%zz', 400, 'malformed, refused for that field'],
    ['/raw/gema/lepas?umur=0&lain=%zz', 200, 'DetectOnly within'],
    ['/raw/baru/x?kota=roma', 200, 'none, then a parameter: the outer ones are gone'],
    ['/raw/baru/x?kelas=7', 422, '... and its own counts'],
    ['/raw/tahap/x?umur=0', 200, "a policy's reason, only recorded for that field"],
    ['/raw/tahap/x?kota=roma', 422, '... not for another'],
    ['/bebas/x?a=%zz&b=%00', 200, 'all malformed only recorded'],
    ['/raw/gema?a=1&b=2&c=3&d=4', 400, 'a limit of the server'],
    ['/bebas/x?a=1&b=2&c=3&d=4', 200, '... lifted within'],
    ['/pendek?id=5', 200, 'policy: the path itself'],
    ['/pendek?id=500', 422, 'policy: the path itself, too large'],
    ['/izin/5', 200, 'policy: rewritten from a path it does not know'],
    ['/izin/500', 422, '... too large'],
    ['/izin/lima', 422, '... no number'],
    ['/lama-sekali?id=5', 200, 'policy: rewritten with its query'],
    ['/lama-sekali?id=500', 422, '... too large'],
    ['/lama-sekali?id=5&x=%zz', 400, '... what the client sent is read as well'],
    ['/jalan/ok.sh?id=5', 200, 'policy: a program'],
    ['/jalan/ok.sh?id=500', 422, '... too large'],
    ['/jalan/ok.sh/lagi?id=5', 200, '... with more behind it: only recorded'],
    ['/jalan/ok.sh/lagi?id=500', 422, '... with more behind it, too large'],
    ['/jalan/ok.sh/?id=500', 422, '... with a slash behind it, too large'],
    ['/jalan/ok.sh/a/b%20c?id=500', 422, '... with much behind it, too large'],
    ['/jalan/tidak/lagi?id=500', 404, '... what is no file has no rules'],
    ['/jalan/ok.sh;a=b?id=5', 400, '... a path parameter: refused, not judged by another path'],
    ['/jalan/ok.sh;jsessionid=0A1B?id=500', 422, '... that of a session is none'],
    ['/ketat/jalan/ok.sh?id=5', 200, 'a policy that is all'],
    ['/ketat/jalan/ok.sh/lagi?id=5', 404, '... more behind it is refused'],
);
for my $case (@merge) {
    my ($path, $status, $name) = @$case;
    is(get($path, vhost => 'SPBE_OWN_merge')->{status}, $status, "merge: $name");
}

done_testing;
