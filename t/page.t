# SPDX-License-Identifier: Apache-2.0
# The page a visitor gets: format and language by the request, what it says,
# valid, without anything from outside, and the administrator's own template.
use strict;
use warnings FATAL => 'all';
use JSON::PP ();
use SPBE::Test;
use Test::More;

my $html = [Accept => 'text/html,application/xhtml+xml,*/*;q=0.8'];
my %type = (html => qr{^text/html; charset=utf-8$}i, json => qr{^application/problem\+json}, xml => qr{^application/(?:problem\+)?xml}, text => qr{^text/plain; charset=utf-8$}i);

sub valid_xml {
    my $bytes = shift;
    open my $py, '|-', 'python3', '-c', 'import sys, xml.dom.minidom; xml.dom.minidom.parseString(sys.stdin.buffer.read())' or return 0;
    print {$py} $bytes;
    return close $py;
}

# Every element closed in order, no attribute twice, one title.
sub valid_html {
    my $bytes = shift;
    open my $py, '|-', 'python3', '-c', <<'PY' or return 0;
import sys
from html.parser import HTMLParser
VOID = {"meta", "link", "br", "img", "hr", "input"}
class Check(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.bad, self.ids, self.titles = [], [], set(), 0
    def handle_starttag(self, tag, attrs):
        names = [a for a, _ in attrs]
        if len(names) != len(set(names)): self.bad.append("twice in " + tag)
        for a, v in attrs:
            if a == "id":
                if v in self.ids: self.bad.append("id " + v)
                self.ids.add(v)
        self.titles += tag == "title"
        if tag not in VOID: self.open.append(tag)
    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag: self.bad.append("close " + tag)
c = Check()
text = sys.stdin.buffer.read().decode("utf-8")
c.feed(text)
c.close()
if c.open or c.bad or c.titles != 1 or not text.startswith("<!DOCTYPE html>"):
    print("#", c.open, c.bad, c.titles, file=sys.stderr)
    sys.exit(1)
PY
    print {$py} $bytes;
    return close $py;
}

sub format_of {
    my ($label, $want, $r) = @_;
    like($r->h('Content-Type') // '', $type{$want}, "$label: $want");
    my $ref = $r->h('X-Request-Ref') // 'none';
    ok(index($r->{body}, $ref) >= 0, "$label: the reference");
    if ($want eq 'json') {
        my $j = eval { JSON::PP->new->utf8->decode($r->{body}) };
        is(ref $j, 'HASH', "$label: valid JSON");
        is($j->{status}, $r->{status}, "$label: its status");
        ok($j->{title} && $j->{type}, "$label: title and type, as RFC 9457 has them");
    }
    ok(valid_xml($r->{body}), "$label: valid XML") if $want eq 'xml';
    ok(valid_html($r->{body}), "$label: valid HTML") if $want eq 'html';
}

for my $case (
    ['browser', 'html', [$html]],
    ['no Accept at all', 'html', []],
    ['Accept: */*', qr/./, [[Accept => '*/*']]],
    ['Accept JSON', 'json', [[Accept => 'application/json']]],
    ['Accept problem+json', 'json', [[Accept => 'application/problem+json']]],
    ['Accept XML', 'xml', [[Accept => 'application/xml']]],
    ['Accept text', 'text', [[Accept => 'text/plain']]],
    ['q values', 'json', [[Accept => 'text/html;q=0.2, application/json;q=0.9']]],
    ['XMLHttpRequest', 'json', [[Accept => '*/*'], ['X-Requested-With' => 'XMLHttpRequest']]],
    ['fetch', 'json', [[Accept => '*/*'], ['Sec-Fetch-Dest' => 'empty']]],
) {
    my ($label, $want, $headers) = @$case;
    my $r = get('/status?500', headers => $headers);
    is($r->{status}, 500, "$label: status");
    ref $want ? like($r->h('Content-Type'), $want, "$label: some format") : format_of($label, $want, $r);
}
format_of('JSON body sent', 'json', get('/status?500', body => '{"a":1}', headers => [[Accept => '*/*'], ['Content-Type', 'application/json']]));
rawd('api', ['send64', b64(http_raw('500 Galat', 'application/json', '{"error":"KANARI-BOCOR"}'))]);
format_of('JSON was to come', 'json', get('/raw/api', headers => [[Accept => '*/*']]));

# --- language -----------------------------------------------------------------------

my $id = qr/Terjadi gangguan pada layanan ini/;
my $en = qr/our (?:side|end)|not your fault|went wrong/i;
for my $case (
    ['', 'nothing said', undef, 'id'], ['', 'Indonesian', 'id', 'id'], ['', 'English', 'en', 'en'], ['', 'English first, Indonesian somewhere', 'en-US,en;q=0.9,id;q=0.1', 'id'],
    ['', 'something else', 'de-DE', qr/^(?:id|en)$/], ['/g-en', 'English only, Indonesian asked', 'id', 'en'], ['/g-id', 'Indonesian only, English asked', 'en', 'id'],
) {
    my ($under, $label, $accept, $want) = @$case;
    my $r = get("$under/status?500", headers => [$html, defined $accept ? ['Accept-Language' => $accept] : ()]);
    my $got = $r->h('Content-Language') // '';
    ref $want ? like($got, $want, "$label: language") : is($got, $want, "$label: Content-Language");
    my ($lang) = $r->{body} =~ /<html lang="([^"]*)"/;
    is($lang, $got, "$label: lang of the page");
    like($r->{body}, $got eq 'id' ? $id : $en, "$label: its words");
    valid_html($r->{body}) or fail("$label: valid HTML");
}
my $both = get('/status?500', headers => [$html])->{body};
like($both, qr/lang="en"/, 'the other language beneath');

# --- what it says -------------------------------------------------------------------

my $r = get('/status?500', headers => [$html]);
like($r->{body}, qr/Pusat Bantuan 0778-000000/, 'SpbeGuardContact');
like($r->{body}, qr/Layanan Perizinan/, 'SpbeGuardApplication');
like($r->{body}, qr/<time datetime="20\d\d-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)"/, 'the time, with its zone');
unlike($r->{body}, qr/(?:src|href)\s*=\s*["']?(?:https?:)?\/\//i, 'nothing from another server');
unlike($r->{body}, qr/<script|javascript:|\bon\w+=|<iframe|<img|\@import|url\(/i, 'no script, no image, no import');
like($r->h('Content-Security-Policy'), qr/default-src 'none'/, 'a strict policy');
unlike($r->h('Content-Security-Policy'), qr/unsafe-inline/, '... without unsafe-inline');
like($r->{body}, qr/<meta name="viewport"/, 'readable on a telephone');
like($r->{body}, qr/\@media print/, 'and on paper');
like($r->{body}, qr/<h1[^>]*>[^<]+<\/h1>/, 'a heading');
unlike($r->{body}, qr/Apache|2\.4\.\d|mod_/, 'no version');

rawd('p503', ['send64', b64(http_raw('503 X', 'text/html', '<b>Fatal error</b>:  Uncaught RuntimeException: KANARI-BOCOR in /srv/a.php:3 Stack trace: #0 {main} thrown in <b>/srv/a.php</b> on line <b>3</b>', 'Retry-After: 120'))]);
like(get('/raw/p503', headers => [$html])->{body}, qr/2 menit/, 'Retry-After in words');
my %title = (400 => qr/tidak dapat dipahami/, 403 => qr/tidak dapat Anda buka/, 404 => qr/tidak ditemukan/, 405 => qr/./, 413 => qr/terlalu besar/, 429 => qr/Terlalu banyak/, 500 => $id, 502 => qr/tidak dapat dihubungi/, 503 => qr/tidak tersedia/, 504 => qr/terlalu lama/, 418 => qr/./);
for my $status (sort keys %title) {
    my $r = get("/status?$status", headers => [$html]);
    is($r->{status}, $status, "$status: status");
    like($r->{body}, $title{$status}, "$status: title");
    ok(valid_html($r->{body}), "$status: valid HTML");
}

# after a request that may have changed something, and after others
my $unsure = qr/belum dapat memastikan apakah data Anda tersimpan/;
for my $case (['POST', '/php-off/form.php', $unsure], ['GET', '/php-off/form.php', undef], ['POST', '/terlarang', undef], ['POST', '/tidak/ada', undef], ['POST', '/php-down/form.php', undef]) {
    my ($method, $path, $want) = @$case;
    next if $path =~ /php-off/ && !$ENV{SPBE_FPM};
    my $r = get($path, method => $method, $method eq 'POST' ? (body => 'nik=1') : (), headers => [$html]);
    $want ? like($r->{body}, $want, "$method $path: says that it is not certain") : unlike($r->{body}, $unsure, "$method $path: does not say so");
}

# --- the administrator's template -----------------------------------------------------

$r = get('/g-page/status?500', headers => [$html]);
like($r->{body}, qr/TEMPLAT-KOTA/, 'SpbeGuardErrorPage');
like($r->{body}, qr/Layanan &quot;Kota&quot; &amp; Desa|Layanan &#34;Kota&#34; &amp; Desa/, 'values are escaped');
like($r->{body}, qr/Loket &amp; &lt;Bantuan&gt; 112/, '... all of them');
like($r->{body}, qr/$REF 500/, 'reference and status');
unlike($r->{body}, qr/\{\{/, 'no variable is left');
unlike($r->{body}, qr/BELUM-PASTI/, 'the conditional part is left out');
if ($ENV{SPBE_FPM}) {
    like(get('/g-page/php-off/form.php', body => 'a=1', headers => [$html])->{body}, qr/BELUM-PASTI/, '... and is there where it applies');
}
format_of('JSON beside an own template', 'json', get('/g-page/status?500', headers => [[Accept => 'application/json']]));

# What a visitor sends does not come back.
$r = get('/tidak/<script>alert(1)</script>?q=KANARI-GEMA', headers => [$html, ['X-Uji', 'KANARI-GEMA'], [Referer => 'http://x/KANARI-GEMA']]);
unlike($r->{body}, qr/KANARI-GEMA|alert\(1\)/, 'nothing of the request is on the page');

done_testing;
