/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/check_test.c - whole requests against a policy: what is found,
 * where, and what follows.
 *
 * A verdict is written as "status finding finding ...", each finding as
 * reason[/keyword]@place[:field][pointer][=arg], one that is only recorded with
 * '~' before it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "input/check.h"
#include "input/check_raw.h"
#include "input/upload.h"
#include "text/buf.h"

static apr_pool_t *pool;
static spbe_check_tools_t tools;

/* ' stands for " so that a row can be read. */
static const char *quoted(const char *text)
{
    char *copy = apr_pstrdup(pool, text), *p;

    for (p = copy; *p != '\0'; p++) {
        *p = *p == '\'' ? '"' : *p;
    }
    return copy;
}

static spbe_policy_t *policy_of(const char *text)
{
    spbe_problems_t *problems =
        spbe_problems_create("p.json", spbe_span_from(quoted(text)), pool);
    spbe_policy_t *policy = spbe_policy_read(problems, pool);

    if (policy == NULL) {
        print_message("%s\n", spbe_problems_first_error(problems, pool));
    }
    assert_non_null(policy);
    return policy;
}

static void add_finding(spbe_buf_t *buf, const spbe_finding_t *finding)
{
    spbe_buf_adds(buf, finding->action == SPBE_ACTION_LOG ? " ~" : " ");
    spbe_buf_adds(buf, spbe_reason_name(finding->reason));
    if (finding->keyword != NULL) {
        spbe_buf_printf(buf, "/%s", finding->keyword);
    }
    spbe_buf_printf(buf, "@%s", spbe_place_name(finding->place));
    if (finding->field.len > 0) {
        spbe_buf_addc(buf, ':');
        spbe_buf_add(buf, finding->field);
    }
    spbe_buf_adds(buf, finding->pointer == NULL ? "" : finding->pointer);
    if (finding->arg != NULL) {
        spbe_buf_printf(buf, "=%s", finding->arg);
    }
}

static spbe_verdict_t *judge(const spbe_settings_t *settings,
                             const char *request, size_t length)
{
    spbe_verdict_t *verdict = spbe_verdict_create(pool);
    spbe_reading_t *reading;
    spbe_match_t match;
    spbe_view_t *view = apr_pcalloc(pool, sizeof(*view));

    assert_null(spbe_check_raw((spbe_span_t){request, length}, apr_time_now(),
                               view, pool));
    reading = spbe_reading_head(view, settings, verdict, pool);
    spbe_check_head(settings, reading, &match, &tools, verdict, pool);
    if (view->has_body) {
        spbe_reading_body(reading, settings, verdict, pool);
        spbe_check_body(settings, reading, &match, &tools, verdict, pool);
    }
    return verdict;
}

static const char *verdict_of(const spbe_settings_t *settings,
                              const char *request)
{
    spbe_verdict_t *verdict = judge(settings, request, strlen(request));
    spbe_buf_t buf;
    int i;

    spbe_buf_init(&buf, 256, pool);
    spbe_buf_printf(&buf, "%d", verdict->status);
    for (i = 0; i < verdict->findings->nelts; i++) {
        add_finding(&buf, &APR_ARRAY_IDX(verdict->findings, i, spbe_finding_t));
    }
    return spbe_buf_cstr(&buf);
}

#define HEAD "{'openapi':'3.1.0','info':{'title':'t','version':'1'},"
#define HOST " HTTP/1.1\r\nHost: a\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define JSON "Content-Type: application/json\r\n"

/* The value that all rows of the styles must come to, or not. */
#define LIST                                                                   \
    "{'type':'array','items':{'type':'string'},"                               \
    "'const':['blue','black','brown']}"
#define NUMBERS                                                                \
    "{'type':'object','const':{'R':100,'G':200,'B':150},'properties':{"        \
    "'R':{'type':'integer'},'G':{'type':'integer'},'B':{'type':'integer'}}}"

static void check_styles(void **state)
{
    static const struct {
        const char *in, *style;
        int explode;
        int object;
        const char *request; /* %s of it: path, query and further fields */
    } rows[] = {
        {"path", "matrix", 0, 0, "/x/;color=blue,black,brown" HOST},
        {"path", "matrix", 1, 0, "/x/;color=blue;color=black;color=brown" HOST},
        {"path", "matrix", 0, 1, "/x/;color=R,100,G,200,B,150" HOST},
        {"path", "matrix", 1, 1, "/x/;R=100;G=200;B=150" HOST},
        {"path", "label", 0, 0, "/x/.blue,black,brown" HOST},
        {"path", "label", 1, 0, "/x/.blue.black.brown" HOST},
        {"path", "label", 0, 1, "/x/.R,100,G,200,B,150" HOST},
        {"path", "label", 1, 1, "/x/.R=100.G=200.B=150" HOST},
        {"path", "simple", 0, 0, "/x/blue,black,brown" HOST},
        {"path", "simple", 1, 0, "/x/blue,black,brown" HOST},
        {"path", "simple", 0, 1, "/x/R,100,G,200,B,150" HOST},
        {"path", "simple", 1, 1, "/x/R=100,G=200,B=150" HOST},
        {"query", "form", 0, 0, "/x?color=blue,black,brown" HOST},
        {"query", "form", 1, 0, "/x?color=blue&color=black&color=brown" HOST},
        {"query", "form", 0, 1, "/x?color=R,100,G,200,B,150" HOST},
        {"query", "form", 1, 1, "/x?R=100&G=200&B=150" HOST},
        {"query", "spaceDelimited", 0, 0, "/x?color=blue%20black%20brown" HOST},
        {"query", "spaceDelimited", 0, 0, "/x?color=blue+black+brown" HOST},
        {"query", "spaceDelimited", 0, 1,
         "/x?color=R%20100%20G%20200%20B%20150" HOST},
        {"query", "pipeDelimited", 0, 0, "/x?color=blue%7Cblack%7Cbrown" HOST},
        {"query", "pipeDelimited", 0, 1,
         "/x?color=R%7C100%7CG%7C200%7CB%7C150" HOST},
        {"query", "deepObject", 1, 1,
         "/x?color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150" HOST},
        {"query", "deepObject", 1, 1,
         "/x?color[R]=100&color[G]=200&color[B]=150" HOST},
        {"header", "simple", 0, 0, "/x" HOST "color: blue,black,brown\r\n"},
        {"header", "simple", 1, 0, "/x" HOST "Color: blue, black, brown\r\n"},
        {"header", "simple", 0, 1, "/x" HOST "color: R,100,G,200,B,150\r\n"},
        {"header", "simple", 1, 1, "/x" HOST "color: R=100,G=200,B=150\r\n"},
        {"cookie", "form", 0, 0,
         "/x" HOST "Cookie: color=blue,black,brown\r\n"},
        {"cookie", "form", 0, 1,
         "/x" HOST "Cookie: color=R,100,G,200,B,150\r\n"},
        {"cookie", "form", 1, 0,
         "/x" HOST "Cookie: color=blue; color=black; color=brown\r\n"},
        {"cookie", "form", 1, 1, "/x" HOST "Cookie: R=100; G=200; B=150\r\n"},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int path = strcmp(rows[i].in, "path") == 0;
        spbe_settings_t settings = {0};
        const char *request =
            apr_pstrcat(pool, "GET ", rows[i].request, "\r\n", NULL);
        const char *wrong;

        settings.policy = policy_of(apr_pstrcat(
            pool, HEAD "'paths':{'/x", path ? "/{color}" : "",
            "':{'get':{'parameters':[{'name':'color','required':true,'in':'",
            rows[i].in, "','style':'", rows[i].style,
            "','explode':", rows[i].explode ? "true" : "false",
            ",'schema':", rows[i].object ? NUMBERS : LIST, "}]}}}}", NULL));
        print_message("%s %s %d: %s\n", rows[i].in, rows[i].style,
                      rows[i].explode, rows[i].request);
        assert_string_equal(verdict_of(&settings, request), "0");
        /* and one letter else is refused */
        wrong = strstr(request, rows[i].object ? "200" : "black");
        request = apr_pstrcat(
            pool, apr_pstrmemdup(pool, request, (apr_size_t)(wrong - request)),
            rows[i].object ? "201" : "bleck", wrong + (rows[i].object ? 3 : 5),
            NULL);
        assert_non_null(strstr(verdict_of(&settings, request), "schema/const"));
    }
}

static const char office[] = HEAD
    "'servers':[{'url':'/api'}],'paths':{\n"
    "'/cari':{'get':{'parameters':[\n"
    "{'name':'n','in':'query','schema':{'type':'integer','maximum':9}},\n"
    "{'name':'b','in':'query','schema':{'type':'boolean'}},\n"
    "{'name':'m','in':'query','schema':{'type':['integer','string'],"
    "'enum':[1,'dua']}},\n"
    "{'name':'z','in':'query','schema':{'type':['integer','null']},"
    "'allowEmptyValue':true},\n"
    "{'name':'r','in':'query','required':true,'schema':{'type':'string',"
    "'maxLength':3}},\n"
    "{'name':'l','in':'query','schema':{'type':'array','maxItems':2,"
    "'items':{'type':'integer'}}},\n"
    "{'name':'j','in':'query','content':{'application/json':{'schema':"
    "{'type':'object','required':['a'],'properties':{'a':{'type':"
    "'integer'}}}}}},\n"
    "{'name':'f','in':'query','style':'deepObject','schema':{'type':"
    "'object','properties':{'min':{'type':'integer'}},"
    "'additionalProperties':false}},\n"
    "{'name':'X-Kantor','in':'header','schema':{'type':'string',"
    "'pattern':'^[0-9]+$','maxLength':5}},\n"
    "{'name':'sesi','in':'cookie','schema':{'type':'string',"
    "'maxLength':3}}],'x-spbe-compare':[{'left':'n','op':'<=',"
    "'right':'n2'}]}},\n"
    "'/warga/{nik}':{'parameters':[{'name':'nik','in':'path','required':true,"
    "'schema':{'type':'string','format':'nik'}}],'get':{}},\n"
    "'/teks':{'post':{'requestBody':{'content':{'text/csv':{},"
    "'application/json':{}}}}},\n"
    "'/data':{'post':{'requestBody':{'required':true,'content':{"
    "'application/json':{'schema':{'type':'object','required':['nama'],"
    "'properties':{'nama':{'type':'string','maxLength':5},"
    "'umur':{'type':'integer'},'nik':{'type':'string','format':'nik'},"
    "'a/b':{'type':'integer'},"
    "'anak':{'type':'array','items':{'type':'object','required':['nama'],"
    "'properties':{'nama':{'type':'string','maxLength':5}}}},"
    "'tutup':{'type':'object','additionalProperties':false},"
    "'buka':{'type':'object','properties':{'x':{'type':'integer'}},"
    "'additionalProperties':true},"
    "'id':{'type':'integer','readOnly':true},"
    "'mulai':{'type':'string','format':'date'},"
    "'sampai':{'type':'string','format':'date'}},"
    "'dependentRequired':{'sampai':['mulai']},"
    "'x-spbe-compare':[{'left':'mulai','op':'<=','right':'/sampai'}]}}}}}},\n"
    "'/isi':{'post':{'requestBody':{'required':true,'content':{"
    "'application/x-www-form-urlencoded':{'schema':{'$ref':"
    "'#/components/schemas/Isi'}},'multipart/form-data':{'schema':{'$ref':"
    "'#/components/schemas/Isi'}}}}}},\n"
    "'/tutup':{'post':{'requestBody':{'content':{"
    "'application/x-www-form-urlencoded':{'schema':{'type':'object',"
    "'properties':{'a':{'type':'integer'}},"
    "'additionalProperties':false}}}}}},\n"
    "'/pola':{'post':{'requestBody':{'content':{"
    "'application/x-www-form-urlencoded':{'schema':{'type':'object',"
    "'patternProperties':{'^n[0-9]$':{'type':'integer'}}}}}}}}},\n"
    "'components':{'schemas':{'Isi':{'type':'object',"
    "'required':['nama','setuju'],'properties':{"
    "'nama':{'type':'string','maxLength':5},"
    "'umur':{'type':'integer','minimum':17},"
    "'setuju':{'const':'ya'},"
    "'kosong':{'enum':['','x']},"
    "'hobi[]':{'type':'array','maxItems':2,'items':{'enum':['a','b','c']}},"
    "'meta':{'type':'object','required':['v'],'properties':{'v':"
    "{'type':'integer'}}},"
    "'nik':{'type':'string','format':'nik'},"
    "'lahir':{'type':'string','format':'date'},"
    "'mulai':{'type':'string','format':'date'},"
    "'sampai':{'type':'string','format':'date'}},"
    "'dependentRequired':{'sampai':['mulai']},"
    "'x-spbe-compare':[{'left':'mulai','op':'<=','right':'sampai'},"
    "{'left':'nik','op':'born','right':'lahir'}]}}}}";

static const struct row {
    const char *label, *request, *want;
} rows[] = {
    /* where it leads to */
    {"no such path", "GET /api/lain" HOST "\r\n", "0 ~route@request"},
    {"no such base", "GET /cari?r=1" HOST "\r\n", "0 ~route@request"},
    {"method", "PUT /api/cari" HOST "\r\n", "405 method@request=GET, HEAD"},
    {"HEAD is GET", "HEAD /api/cari?r=1" HOST "\r\n", "0"},
    {"preflight",
     "OPTIONS /api/cari" HOST
     "Origin: https://b\r\nAccess-Control-Request-Method: GET\r\n\r\n",
     "0"},
    {"OPTIONS that is none", "OPTIONS /api/cari" HOST "\r\n",
     "405 method@request=GET, HEAD"},
    /* path */
    {"path", "GET /api/warga/2171994508909999" HOST "\r\n", "0"},
    {"path, bad", "GET /api/warga/217199450890999" HOST "\r\n",
     "422 schema/format@path:nik=nik"},
    /* query: types */
    {"integer", "GET /api/cari?r=1&n=9" HOST "\r\n", "0"},
    {"integer above", "GET /api/cari?r=1&n=10" HOST "\r\n",
     "422 schema/maximum@query:n=9"},
    {"no integer", "GET /api/cari?r=1&n=x" HOST "\r\n",
     "422 schema/type@query:n=integer"},
    {"1.0 is an integer", "GET /api/cari?r=1&n=1.0" HOST "\r\n", "0"},
    {"boolean", "GET /api/cari?r=1&b=true" HOST "\r\n", "0"},
    {"no boolean", "GET /api/cari?r=1&b=1" HOST "\r\n",
     "422 schema/type@query:b=boolean"},
    {"number or text: number", "GET /api/cari?r=1&m=1" HOST "\r\n", "0"},
    {"number or text: text", "GET /api/cari?r=1&m=dua" HOST "\r\n", "0"},
    {"number or text: neither", "GET /api/cari?r=1&m=2" HOST "\r\n",
     "422 schema/enum@query:m=1, dua"},
    {"empty is not sent", "GET /api/cari?r=1&n=" HOST "\r\n", "0"},
    {"empty is allowed", "GET /api/cari?r=1&z=" HOST "\r\n", "0"},
    {"missing", "GET /api/cari" HOST "\r\n", "422 schema/required@query:r=r"},
    {"empty is missing", "GET /api/cari?r=" HOST "\r\n",
     "422 schema/required@query:r=r"},
    {"list", "GET /api/cari?r=1&l=1&l=2" HOST "\r\n", "0"},
    {"list of one", "GET /api/cari?r=1&l=1" HOST "\r\n", "0"},
    {"list too long", "GET /api/cari?r=1&l=1&l=2&l=3" HOST "\r\n",
     "422 schema/maxItems@query:l=2"},
    {"list with a text", "GET /api/cari?r=1&l=1&l=x" HOST "\r\n",
     "422 schema/type@query:l=integer"},
    {"scalar twice", "GET /api/cari?r=1&n=1&n=2" HOST "\r\n",
     "400 duplicate@query:n"},
    {"JSON", "GET /api/cari?r=1&j=%7B%22a%22:1%7D" HOST "\r\n", "0"},
    {"JSON, invalid", "GET /api/cari?r=1&j=%7B%7D" HOST "\r\n",
     "422 schema/required@query:j=a"},
    {"JSON, none", "GET /api/cari?r=1&j=%7B" HOST "\r\n",
     "422 schema/contentMediaType@query:j=application/json"},
    {"deep", "GET /api/cari?r=1&f[min]=1" HOST "\r\n", "0"},
    {"deep, bad", "GET /api/cari?r=1&f[min]=x" HOST "\r\n",
     "422 schema/type@query:f=integer"},
    {"deep, unknown", "GET /api/cari?r=1&f[max]=1" HOST "\r\n",
     "422 schema/additionalProperties@query:f=max"},
    {"deep, odd", "GET /api/cari?r=1&f[]=1" HOST "\r\n",
     "422 schema/style@query:f=deepObject"},
    /* header and cookie */
    {"header", "GET /api/cari?r=1" HOST "x-kantor: 12\r\n\r\n", "0"},
    {"header, bad", "GET /api/cari?r=1" HOST "x-kantor: a\r\n\r\n",
     "422 schema/pattern@header:X-Kantor"},
    {"unknown header", "GET /api/cari?r=1" HOST "X-Other: a\r\n\r\n", "0"},
    {"cookie", "GET /api/cari?r=1" HOST "Cookie: sesi=abc; x=y\r\n\r\n", "0"},
    {"cookie, bad", "GET /api/cari?r=1" HOST "Cookie: sesi=abcd\r\n\r\n",
     "422 schema/maxLength@cookie:sesi=3"},
    /* unknown fields */
    {"unknown", "GET /api/cari?r=1&zz=1&zz2=1" HOST "\r\n",
     "0 ~unknown-field@query:zz ~unknown-field@query:zz2"},
    {"campaign marks", "GET /api/cari?r=1&utm_source=1&fbclid=2" HOST "\r\n",
     "0"},
    /* bodies */
    {"body where none is", "POST /api/teks" HOST "\r\n", "0"},
    {"type not looked into",
     "POST /api/teks" HOST "Content-Type: text/csv\r\n\r\na;b", "0"},
    {"JSON without a schema", "POST /api/teks" HOST JSON "\r\n{'a':1}", "0"},
    {"type not declared",
     "POST /api/teks" HOST "Content-Type: image/png\r\n\r\nx",
     "415 media-type@request=text/csv, application/json"},
    {"body of GET", "GET /api/warga/2171994508909999" HOST FORM "\r\na=1",
     "415 media-type@request ~unknown-field@form:a"},
    {"body missing", "POST /api/data" HOST "\r\n",
     "422 schema/required@request"},
    {"JSON body", "POST /api/data" HOST JSON "\r\n{'nama':'Siti'}", "0"},
    {"JSON, not RFC 8259", "POST /api/data" HOST JSON "\r\n{'nama':}",
     "400 json-syntax@json"},
    {"JSON, missing", "POST /api/data" HOST JSON "\r\n{}",
     "422 schema/required@json:nama/nama=nama"},
    {"JSON, too long", "POST /api/data" HOST JSON "\r\n{'nama':'Sitiii'}",
     "422 schema/maxLength@json:nama/nama=5"},
    {"JSON, no coercion",
     "POST /api/data" HOST JSON "\r\n{'nama':'a','umur':'17'}",
     "422 schema/type@json:umur/umur=integer"},
    {"JSON, identifier as number",
     "POST /api/data" HOST JSON "\r\n{'nama':'a','nik':2171994508909999}",
     "422 schema/type@json:nik/nik=string"},
    {"JSON, dependent",
     "POST /api/data" HOST JSON "\r\n{'nama':'a','sampai':'2026-01-01'}",
     "422 schema/dependentRequired@json:mulai/mulai=mulai"},
    {"JSON, escaped pointer",
     "POST /api/data" HOST JSON "\r\n{'nama':'a','a/b':'x'}",
     "422 schema/type@json:a/b/a~1b=integer"},
    {"JSON, nested missing",
     "POST /api/data" HOST JSON "\r\n{'nama':'a','anak':[{'nama':'b'},{}]}",
     "422 schema/required@json:nama/anak/1/nama=nama"},
    {"JSON, forbidden",
     "POST /api/data" HOST JSON "\r\n{'nama':'a','tutup':{'x':1}}",
     "422 schema/additionalProperties@json:x/tutup/x=x"},
    {"JSON, unknown",
     "POST /api/data" HOST JSON "\r\n{'nama':'a','admin':true}",
     "0 ~unknown-field@json:admin/admin"},
    {"JSON, unknown within a list",
     "POST /api/data" HOST JSON "\r\n{'nama':'a','anak':[{'nama':'b','x':1}]}",
     "0 ~unknown-field@json:x/anak/0/x"},
    {"JSON, open on purpose",
     "POST /api/data" HOST JSON "\r\n{'nama':'a','buka':{'y':1}}", "0"},
    {"JSON, readOnly", "POST /api/data" HOST JSON "\r\n{'nama':'a','id':1}",
     "0"},
    {"JSON, compare",
     "POST /api/data" HOST JSON
     "\r\n{'nama':'a','mulai':'2026-02-01','sampai':'2026-01-01'}",
     "422 compare/<=@json:mulai/mulai=/sampai"},
    {"JSON, compare holds",
     "POST /api/data" HOST JSON
     "\r\n{'nama':'a','mulai':'2026-01-01','sampai':'2026-01-01'}",
     "0"},
    {"chunked",
     "POST /api/data" HOST JSON
     "Transfer-Encoding: chunked\r\n\r\n8\r\n{'nama':\r\n4\r\n'a'}\r\n0\r\n"
     "\r\n",
     "0"},
    /* forms */
    {"form", "POST /api/isi" HOST FORM "\r\nnama=Siti&setuju=ya&umur=17", "0"},
    {"form, missing", "POST /api/isi" HOST FORM "\r\nnama=Siti",
     "422 schema/required@form:setuju=setuju"},
    {"form, empty is missing", "POST /api/isi" HOST FORM "\r\nnama=&setuju=ya",
     "422 schema/required@form:nama=nama"},
    {"form, empty and optional",
     "POST /api/isi" HOST FORM "\r\nnama=a&setuju=ya&umur=&sampai=", "0"},
    {"form, empty is a choice",
     "POST /api/isi" HOST FORM "\r\nnama=a&setuju=ya&kosong=", "0"},
    {"form, wrong choice",
     "POST /api/isi" HOST FORM "\r\nnama=a&setuju=ya&kosong=y",
     "422 schema/enum@form:kosong=, x"},
    {"form, number", "POST /api/isi" HOST FORM "\r\nnama=a&setuju=ya&umur=16",
     "422 schema/minimum@form:umur=17"},
    {"form, const", "POST /api/isi" HOST FORM "\r\nnama=a&setuju=tidak",
     "422 schema/const@form:setuju=ya"},
    {"form, list",
     "POST /api/isi" HOST FORM "\r\nnama=a&setuju=ya&hobi[]=a&hobi%5B%5D=b",
     "0"},
    {"form, list too long",
     "POST /api/isi" HOST FORM
     "\r\nnama=a&setuju=ya&hobi[]=a&hobi[]=b&hobi[]=c",
     "422 schema/maxItems@form:hobi[]=2"},
    {"form, list, wrong element",
     "POST /api/isi" HOST FORM "\r\nnama=a&setuju=ya&hobi[]=a&hobi[]=z",
     "422 schema/enum@form:hobi[]=a, b, c"},
    {"a path parameter that is not declared", "GET /api/cari;a=b?r=a&n=10" HOST,
     "400 path-ambiguous@path schema/maximum@query:n=9"},
    {"that of a session", "GET /api/cari;jsessionid=0A?r=a&n=10" HOST,
     "422 schema/maximum@query:n=9"},
    {"form, scalar twice",
     "POST /api/isi" HOST FORM "\r\nnama=a&nama=b&setuju=ya",
     "400 duplicate@form:nama"},
    {"form, object as JSON",
     "POST /api/isi" HOST FORM "\r\nnama=a&setuju=ya&meta=%7B%22v%22:1%7D",
     "0"},
    {"form, object as JSON, invalid",
     "POST /api/isi" HOST FORM "\r\nnama=a&setuju=ya&meta=%7B%7D",
     "422 schema/required@form:meta=v"},
    {"form, no JSON", "POST /api/isi" HOST FORM "\r\nnama=a&setuju=ya&meta=x",
     "422 schema/contentMediaType@form:meta=application/json"},
    {"form, dependent",
     "POST /api/isi" HOST FORM "\r\nnama=a&setuju=ya&sampai=2026-01-01",
     "422 schema/dependentRequired@form:mulai=mulai"},
    {"form, compare",
     "POST /api/isi" HOST FORM
     "\r\nnama=a&setuju=ya&mulai=2026-02-01&sampai=2026-01-01",
     "422 compare/<=@form:mulai=sampai"},
    {"form, compare, only recorded",
     "POST /api/isi" HOST FORM
     "\r\nnama=a&setuju=ya&nik=2171994508909999&lahir=1980-01-01",
     "0 ~compare/born@form:nik=lahir"},
    {"form, unknown", "POST /api/isi" HOST FORM "\r\nnama=a&setuju=ya&zz=1",
     "0 ~unknown-field@form:zz"},
    {"form, a framework's field",
     "POST /api/isi" HOST FORM "\r\nnama=a&setuju=ya&_token=x", "0"},
    {"form, closed", "POST /api/tutup" HOST FORM "\r\na=1&b=2",
     "422 schema/additionalProperties@form:b=b"},
    {"form, closed, a framework's field",
     "POST /api/tutup" HOST FORM "\r\na=1&_token=2", "0"},
    {"form, names by pattern", "POST /api/pola" HOST FORM "\r\nn1=1&n2=2", "0"},
    {"form, names by pattern, invalid",
     "POST /api/pola" HOST FORM "\r\nn1=1&n2=x",
     "422 schema/type@form:n2=integer"},
    /* multipart */
    {"multipart",
     "POST /api/isi" HOST "Content-Type: multipart/form-data; boundary=XY\r\n"
     "\r\n--XY\r\nContent-Disposition: form-data; name='nama'\r\n\r\nS+%41"
     "\r\n--XY\r\nContent-Disposition: form-data; name='setuju'\r\n\r\nya\r\n"
     "--XY--\r\n",
     "0"},
    {"multipart, too long: nothing is decoded",
     "POST /api/isi" HOST "Content-Type: multipart/form-data; boundary=XY\r\n"
     "\r\n--XY\r\nContent-Disposition: form-data; name='nama'\r\n\r\nS+%41%41"
     "\r\n--XY\r\nContent-Disposition: form-data; name='setuju'\r\n\r\nya\r\n"
     "--XY--\r\n",
     "422 schema/maxLength@form:nama=5"},
    {"multipart, a file where a text is expected",
     "POST /api/isi" HOST "Content-Type: multipart/form-data; boundary=XY\r\n"
     "\r\n--XY\r\nContent-Disposition: form-data; name='nama'; "
     "filename='a.txt'\r\nContent-Type: text/plain\r\n\r\nSiti\r\n--XY\r\n"
     "Content-Disposition: form-data; name='setuju'\r\n\r\nya\r\n--XY--\r\n",
     "422 schema/type@file:nama=text schema/required@form:nama=nama"},
    {"multipart, JSON in a Blob",
     "POST /api/isi" HOST "Content-Type: multipart/form-data; boundary=XY\r\n"
     "\r\n--XY\r\nContent-Disposition: form-data; name='nama'\r\n\r\na\r\n"
     "--XY\r\nContent-Disposition: form-data; name='setuju'\r\n\r\nya\r\n"
     "--XY\r\nContent-Disposition: form-data; name='meta'; filename='blob'"
     "\r\nContent-Type: application/json\r\n\r\n{'v':'x'}\r\n--XY--\r\n",
     "422 schema/type@form:meta=integer"},
};

static void run_rows(const spbe_settings_t *settings, const struct row *list,
                     size_t count)
{
    size_t i;
    int bad = 0;

    for (i = 0; i < count; i++) {
        const char *got = verdict_of(settings, quoted(list[i].request));

        if (strcmp(got, list[i].want) != 0) {
            print_message("%s:\n  want %s\n  got  %s\n", list[i].label,
                          list[i].want, got);
            bad++;
        }
    }
    assert_int_equal(bad, 0);
}

static void check_requests(void **state)
{
    spbe_settings_t settings = {0};
    char *text = apr_pstrdup(pool, office), *at;

    /* names a field that is none: the policy itself must say so */
    at = strstr(text, ",'x-spbe-compare':[{'left':'n','op':'<=',"
                      "'right':'n2'}]");
    assert_non_null(at);
    {
        spbe_problems_t *problems =
            spbe_problems_create("p.json", spbe_span_from(quoted(text)), pool);

        assert_null(spbe_policy_read(problems, pool));
        assert_non_null(
            strstr(spbe_problems_first_error(problems, pool), "n2"));
    }
    memset(at, ' ',
           strlen(",'x-spbe-compare':[{'left':'n','op':'<=',"
                  "'right':'n2'}]"));
    settings.policy = policy_of(text);
    run_rows(&settings, rows, sizeof(rows) / sizeof(rows[0]));
}

static spbe_policy_t *lines_of(const char *const *list)
{
    spbe_param_lines_t *lines = spbe_param_lines_create(pool);
    const char *error = NULL;
    spbe_policy_t *policy;

    for (; *list != NULL; list++) {
        char **argv;
        int argc = 0;

        assert_int_equal(apr_tokenize_to_argv(*list, &argv, pool), APR_SUCCESS);
        while (argv[argc] != NULL) {
            argc++;
        }
        assert_null(spbe_param_lines_add(lines, argc, argv));
    }
    policy = spbe_param_lines_compile(lines, &error, pool);
    assert_non_null(policy);
    return policy;
}

/* What a request says it is beside its method. */
static void check_methods(void **state)
{
    static const struct {
        const char *request, *want;
        int judged;
    } list[] = {
        /* an override is judged as both */
        {"POST /a?n=1" HOST FORM "\r\np=1", "0", 1},
        {"POST /a?n=1" HOST FORM "X-HTTP-Method-Override: PUT\r\n\r\np=1",
         "0 ~unknown-field@form:p", 1},
        {"POST /a?n=1" HOST FORM "X-HTTP-Method-Override: put\r\n\r\nu=x",
         "422 ~unknown-field@form:u schema/type@form:u=integer", 1},
        {"POST /a?n=1" HOST FORM "X-Method-Override: DELETE\r\n\r\np=1",
         "405 method@request=GET, HEAD, PUT, POST", 1},
        {"POST /a?n=1&_method=DELETE" HOST FORM "\r\np=1",
         "405 method@request=GET, HEAD, PUT, POST", 1},
        {"POST /a?n=1" HOST FORM "\r\np=1&_method=DELETE",
         "405 method@request=GET, HEAD, PUT, POST", 1},
        {"POST /a?n=1" HOST FORM "\r\nu=x&_method=PUT",
         "422 ~unknown-field@form:u schema/type@form:u=integer", 1},
        {"POST /a?n=1" HOST FORM "\r\np=1&_method=post", "0", 1},
        {"PUT /a" HOST FORM "\r\nu=1&_method=DELETE", "0", 1},
        /* a form can send no other way */
        {"POST /b" HOST FORM "\r\nu=1&_method=PUT", "0", 1},
        {"POST /b" HOST FORM "\r\nu=x&_method=PUT",
         "422 schema/type@form:u=integer", 1},
        {"POST /b" HOST FORM "\r\nu=1", "405 method@request=PUT", 1},
        {"POST /b" HOST "X-HTTP-Method: PUT\r\n" FORM "\r\nu=1", "0", 1},
        {"POST /b" HOST JSON "\r\n{'_method':'PUT'}", "405 method@request=PUT",
         1},
        {"POST /b" HOST "\r\n", "405 method@request=PUT", 1},
        /* a preflight by what it asks for */
        {"OPTIONS /a?n=1" HOST "Access-Control-Request-Method: GET\r\n\r\n",
         "0", 1},
        {"OPTIONS /a?n=x&y=1" HOST "Access-Control-Request-Method: GET\r\n\r\n",
         "422 schema/type@query:n=integer ~unknown-field@query:y", 1},
        {"OPTIONS /a?n=x" HOST "Access-Control-Request-Method: DELETE\r\n\r\n",
         "0", 0},
        {"OPTIONS /b" HOST "Access-Control-Request-Method: PUT\r\n\r\n", "0",
         1},
        {"OPTIONS /c?n=x" HOST "Access-Control-Request-Method: PUT\r\n\r\n",
         "0 ~route@request", 0},
    };
    spbe_settings_t settings = {0};
    size_t i;

    settings.policy = policy_of(
        HEAD "'paths':{'/a':{'get':{'parameters':["
             "{'name':'n','in':'query','schema':{'type':'integer'}},"
             "{'name':'X-K','in':'header','required':true,'schema':"
             "{'type':'integer'}}]},"
             "'post':{'parameters':[{'name':'n','in':'query','required':true,"
             "'schema':{'type':'integer'}}],'requestBody':{'required':true,"
             "'content':{'application/x-www-form-urlencoded':{'schema':"
             "{'properties':{'p':{'type':'integer'}}}}}}},"
             "'put':{'parameters':[{'name':'n','in':'query',"
             "'schema':{'type':'integer'}}],'requestBody':{'content':"
             "{'application/x-www-form-urlencoded':{'schema':{'properties':"
             "{'u':{'type':'integer'}}}}}}}},"
             "'/b':{'put':{'requestBody':{'required':true,'content':"
             "{'application/x-www-form-urlencoded':{'schema':{'properties':"
             "{'u':{'type':'integer'}}}}}}}}}}");
    for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        const char *request = quoted(list[i].request);

        print_message("%s\n", request);
        assert_string_equal(verdict_of(&settings, request), list[i].want);
        assert_int_equal(judge(&settings, request, strlen(request))->judged,
                         list[i].judged);
    }
}

/* Never "valid" where nothing was compared. */
static void check_judged(void **state)
{
    static const char *const lines[] = {"nik nik required", NULL};
    static const struct {
        const char *request;
        int judged, status;
    } list[] = {
        {"GET /a" HOST "\r\n", 1, 0},
        {"POST /a" HOST "Content-Type: text/xml\r\n\r\n<nik>x</nik>", 0, 415},
        {"POST /a" HOST "Content-Type: application/octet-stream\r\n\r\nx=1", 0,
         415},
        {"PATCH /a" HOST "Content-Type: application/octet-stream\r\n\r\nx=1", 0,
         415},
        {"PUT /a" HOST "Content-Type: application/octet-stream\r\n\r\nx=1", 0,
         0},
    };
    spbe_settings_t settings = {0};
    size_t i;

    settings.params = lines_of(lines);
    for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        spbe_verdict_t *verdict =
            judge(&settings, list[i].request, strlen(list[i].request));

        print_message("%s\n", list[i].request);
        assert_int_equal(verdict->judged, list[i].judged);
        assert_int_equal(verdict->status, list[i].status);
    }
}

/* A value that takes too many steps is refused as what it is. */
static void check_steps(void **state)
{
    spbe_settings_t settings = {0};
    const spbe_finding_t *finding;
    spbe_verdict_t *verdict;
    spbe_buf_t buf;
    int i;

    settings.policy =
        policy_of(HEAD "'components':{'schemas':{'T':{'anyOf':["
                       "{'properties':{'a':{'$ref':'#/components/schemas/T'}},"
                       "'required':['x']},"
                       "{'properties':{'a':{'$ref':'#/components/schemas/T'}},"
                       "'required':['y']},"
                       "{'properties':{'a':{'$ref':'#/components/schemas/T'}},"
                       "'required':['z']}]}}},"
                       "'paths':{'/a':{'post':{'requestBody':{'content':"
                       "{'application/json':{'schema':{'$ref':"
                       "'#/components/schemas/T'}}}}}}}}");
    spbe_buf_init(&buf, 512, pool);
    spbe_buf_adds(&buf, "POST /a" HOST JSON "\r\n");
    for (i = 0; i < 25; i++) {
        spbe_buf_adds(&buf, "{\"a\":");
    }
    spbe_buf_addc(&buf, '1');
    for (i = 0; i < 25; i++) {
        spbe_buf_addc(&buf, '}');
    }
    verdict = judge(&settings, spbe_buf_cstr(&buf), buf.len);
    assert_int_equal(verdict->status, 400);
    finding = &APR_ARRAY_IDX(verdict->findings, 0, spbe_finding_t);
    assert_int_equal(finding->reason, SPBE_REASON_LIMIT);
    assert_int_equal(finding->action, SPBE_ACTION_REJECT);
}

/* Which names of a JSON body nobody thought of. */
static void check_closed(void **state)
{
    static const struct {
        const char *schema, *body, *want;
    } list[] = {
        {"{'type':'object','properties':{'a':{}}}", "{'b':1}",
         "0 ~unknown-field@json:b/b"},
        {"{'type':'object'}", "{'b':1}", "0"},
        {"{'properties':{'a':{}},'additionalProperties':true}", "{'b':1}", "0"},
        {"{'properties':{'a':{}},'additionalProperties':{'type':'integer'}}",
         "{'b':1}", "0"},
        {"{'properties':{'a':{}},'anyOf':[{'required':['b']}]}", "{'b':1}",
         "0"},
        {"{'properties':{'a':{}},'minProperties':1}", "{'b':1}",
         "0 ~unknown-field@json:b/b"},
        {"{'$ref':'#/components/schemas/A'}", "{'b':1}",
         "0 ~unknown-field@json:b/b"},
        {"{'allOf':[{'$ref':'#/components/schemas/A'},{'properties':{'b':{}}}]"
         "}",
         "{'b':1,'c':2}", "0 ~unknown-field@json:c/c"},
        {"{'$ref':'#/components/schemas/A','properties':{'b':{}}}",
         "{'b':1,'c':2}", "0"},
        {"{'$ref':'#/components/schemas/T'}",
         "{'v':1,'k':[{'v':2,'k':[{'x':3}]}]}",
         "0 ~unknown-field@json:x/k/0/k/0/x"},
        {"{'properties':{'a~/':{'properties':{'c':{}}}}}", "{'a~/':{'d':1}}",
         "0 ~unknown-field@json:d/a~0~1/d"},
        {"{'properties':{'a':{}}}", "{'_token':1}", "0"},
    };
    spbe_settings_t settings = {0};
    size_t i;

    for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        settings.policy = policy_of(apr_pstrcat(
            pool,
            HEAD "'components':{'schemas':{'A':{'properties':{'a':{}}},"
                 "'T':{'properties':{'v':{},'k':{'items':{'$ref':"
                 "'#/components/schemas/T'}}}}}},"
                 "'paths':{'/a':{'post':{'requestBody':{'content':"
                 "{'application/json':{'schema':",
            list[i].schema, "}}}}}}}", NULL));
        print_message("%s\n", list[i].schema);
        assert_string_equal(
            verdict_of(&settings,
                       quoted(apr_pstrcat(pool, "POST /a" HOST JSON "\r\n",
                                          list[i].body, NULL))),
            list[i].want);
    }
}

/* What the administrator decides about fields and paths nobody knows. */
static void check_unknown(void **state)
{
    static const struct {
        spbe_action_t action;
        const char *request, *want;
    } list[] = {
        {SPBE_ACTION_REJECT, "GET /a?x=1" HOST "\r\n",
         "422 unknown-field@query:x"},
        {SPBE_ACTION_REJECT, "GET /b" HOST "\r\n", "404 route@request"},
        {SPBE_ACTION_REJECT, "GET /a?utm_id=1" HOST "\r\n", "0"},
        {SPBE_ACTION_LOG, "GET /a?x=1" HOST "\r\n", "0 ~unknown-field@query:x"},
        {SPBE_ACTION_ALLOW, "GET /a?x=1" HOST "\r\n", "0"},
        {SPBE_ACTION_ALLOW, "GET /b" HOST "\r\n", "0"},
        {SPBE_ACTION_UNSET, "GET /b" HOST "\r\n", "0 ~route@request"},
    };
    spbe_settings_t settings = {0};
    size_t i;

    settings.policy = policy_of(HEAD "'paths':{'/a':{'get':{}}}}");
    for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        settings.unknown = list[i].action;
        print_message("%d %s\n", list[i].action, list[i].request);
        assert_string_equal(verdict_of(&settings, list[i].request),
                            list[i].want);
    }
}

/* "schema log" must be named: "all" means what is malformed. */
static void check_staged(void **state)
{
    static const struct {
        spbe_reason_t reason;
        const char *field, *want;
    } list[] = {
        {SPBE_REASON_NONE, NULL, "422 schema/type@query:n=integer"},
        {SPBE_REASON_SCHEMA, NULL, "0 ~schema/type@query:n=integer"},
        {SPBE_REASON_SCHEMA, "n", "0 ~schema/type@query:n=integer"},
        {SPBE_REASON_SCHEMA, "m", "422 schema/type@query:n=integer"},
    };
    spbe_settings_t settings = {0};
    size_t i;

    settings.policy = policy_of(
        HEAD "'paths':{'/a':{'get':{'parameters':[{'name':'n','in':'query',"
             "'schema':{'type':'integer'}}]}}}}");
    for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        apr_array_header_t *rules =
            apr_array_make(pool, 1, sizeof(spbe_malformed_rule_t));

        APR_ARRAY_PUSH(rules, spbe_malformed_rule_t) = (spbe_malformed_rule_t){
            list[i].reason, SPBE_ACTION_LOG, list[i].field};
        settings.malformed = rules;
        assert_string_equal(verdict_of(&settings, "GET /a?n=x" HOST "\r\n"),
                            list[i].want);
    }
}

static void check_lines(void **state)
{
    static const char *const lines[] = {"nik nik required",
                                        "umur integer min=17",
                                        "hobi text multiple "
                                        "values=a|b",
                                        "q text in=query maxlen=3",
                                        "X-Id integer in=header",
                                        "berkas file required types=pdf",
                                        NULL};
    static const struct row list[] = {
        {"the page with the empty form", "GET /form" HOST "\r\n", "0"},
        {"a search with GET", "GET /form?q=abc&umur=17" HOST "\r\n",
         "422 schema/required@form:nik=nik schema/required@file:berkas="
         "berkas"},
        {"in query alone", "GET /form?umur=16" HOST "\r\n",
         "422 schema/required@form:nik=nik schema/minimum@query:umur=17 "
         "schema/required@file:berkas=berkas"},
        {"another path, another field", "GET /x?lain=1" HOST "\r\n",
         "0 ~unknown-field@query:lain"},
        {"header", "GET /x" HOST "X-Id: a\r\n\r\n",
         "422 schema/type@header:X-Id=integer"},
        {"form", "POST /f" HOST FORM "\r\nnik=1&umur=x&hobi=a&hobi=c&q=1",
         "422 ~unknown-field@form:q schema/format@form:nik=nik "
         "schema/type@form:umur=integer schema/enum@form:hobi=a, b "
         "schema/required@file:berkas=berkas"},
        {"JSON", "POST /f" HOST JSON "\r\n{'nik':2,'umur':'17','x':1}",
         "422 schema/type@json:nik=string schema/required@file:berkas="
         "berkas"},
        {"an upload by PUT",
         "PUT /f" HOST "Content-Type: application/octet-stream\r\n\r\nx", "0"},
        {"a type that no line can be found in",
         "POST /f?umur=1" HOST "Content-Type: application/xml\r\n\r\n<a/>",
         "415 media-type@request=application/x-www-form-urlencoded, "
         "multipart/form-data, application/json "
         "schema/minimum@query:umur=17"},
        {"POST without a body", "POST /f" HOST "\r\n",
         "422 schema/required@form:nik=nik schema/required@file:berkas="
         "berkas"},
        {"multipart with its file",
         "POST /f" HOST "Content-Type: multipart/form-data; boundary=XY\r\n"
         "\r\n--XY\r\nContent-Disposition: form-data; name='nik'\r\n\r\n"
         "2171994508909999\r\n--XY\r\nContent-Disposition: form-data; "
         "name='berkas'; filename='a.pdf'\r\nContent-Type: application/pdf"
         "\r\n\r\n%PDF-1.4\n1 0 obj\n<<>>\nendobj\n\r\n--XY--\r\n",
         "0"},
        {"multipart with two files",
         "POST /f" HOST "Content-Type: multipart/form-data; boundary=XY\r\n"
         "\r\n--XY\r\nContent-Disposition: form-data; name='nik'\r\n\r\n"
         "2171994508909999\r\n--XY\r\nContent-Disposition: form-data; "
         "name='berkas'; filename='a.pdf'\r\nContent-Type: application/pdf"
         "\r\n\r\n%PDF-1.4\n1 0 obj\n<<>>\nendobj\n\r\n--XY\r\n"
         "Content-Disposition: form-data; "
         "name='berkas'; filename='b.pdf'\r\nContent-Type: application/pdf"
         "\r\n\r\n%PDF-1.4\n1 0 obj\n<<>>\nendobj\n\r\n--XY--\r\n",
         "422 file-count/maxCount@file:berkas=1"},
    };
    spbe_settings_t settings = {0};

    settings.params = lines_of(lines);
    run_rows(&settings, list, sizeof(list) / sizeof(list[0]));
}

/* A field that either knows is known. */
static void check_both(void **state)
{
    static const char *const lines[] = {"x integer", NULL};
    static const struct row list[] = {
        {"both", "GET /a?n=1&x=1" HOST "\r\n", "0"},
        {"unknown to both", "GET /a?y=1" HOST "\r\n",
         "0 ~unknown-field@query:y"},
        {"lines judge", "GET /a?x=a" HOST "\r\n",
         "422 schema/type@query:x=integer"},
        {"lines judge where no path fits", "GET /b?x=a" HOST "\r\n",
         "422 ~route@request schema/type@query:x=integer"},
    };
    spbe_settings_t settings = {0};

    settings.params = lines_of(lines);
    settings.policy = policy_of(
        HEAD "'paths':{'/a':{'get':{'parameters':[{'name':'n','in':'query',"
             "'schema':{'type':'integer'}}]}}}}");
    run_rows(&settings, list, sizeof(list) / sizeof(list[0]));
}

/* Without a policy nothing is invalid, only malformed. */
static void check_nothing(void **state)
{
    static const struct row list[] = {
        {"any", "GET /a?n=1&x=1" HOST "\r\n", "0"},
        {"any form", "POST /a" HOST FORM "\r\na=1", "0"},
        {"twice", "GET /a?n=1&n=1" HOST "\r\n", "400 duplicate@query:n"},
    };
    spbe_settings_t settings = {0};

    run_rows(&settings, list, sizeof(list) / sizeof(list[0]));
}

static void check_many(void **state)
{
    static const struct {
        spbe_place_t place;
        const char *name;
        int many;
    } list[] = {
        {SPBE_IN_QUERY, "l", 1},       {SPBE_IN_QUERY, "n", 0},
        {SPBE_IN_COOKIE, "l", 0},      {SPBE_IN_FORM, "l", 0},
        {SPBE_IN_QUERY, "f[kota]", 1}, {SPBE_IN_QUERY, "f[kota][]", 1},
        {SPBE_IN_QUERY, "f[nama]", 0}, {SPBE_IN_FORM, "h", 1},
        {SPBE_IN_FILE, "b", 1},        {SPBE_IN_QUERY, "h", 0},
        {SPBE_IN_QUERY, "zz", 0},      {SPBE_IN_QUERY, "m", 1},
        {SPBE_IN_FORM, "m", 1},        {SPBE_IN_QUERY, "d", 0},
    };
    static const char *const lines[] = {"m text multiple", NULL};
    spbe_settings_t settings = {0};
    spbe_view_t view = {.method = SPBE_SPAN("POST"), .path = SPBE_SPAN("/a")};
    spbe_reading_t reading = {.view = &view};
    size_t i;

    settings.params = lines_of(lines);
    settings.policy = policy_of(
        HEAD "'paths':{'/a':{'post':{'parameters':["
             "{'name':'l','in':'query','schema':{'type':'array'}},"
             "{'name':'d','in':'query','explode':false,'schema':"
             "{'type':'array'}},"
             "{'name':'n','in':'query','schema':{'type':'integer'}},"
             "{'name':'f','in':'query','style':'deepObject','schema':"
             "{'type':'object','properties':{'kota':{'type':'array'},"
             "'nama':{'type':'integer'}}}}],"
             "'requestBody':{'content':{'multipart/form-data':{'schema':"
             "{'properties':{'h':{'type':'array'},'b':{'type':'array',"
             "'items':{'format':'binary'}}}}}}}}}}}");
    for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        print_message("%s\n", list[i].name);
        assert_int_equal(
            spbe_check_allows_many(&settings, &reading, list[i].place,
                                   spbe_span_from(list[i].name), pool),
            list[i].many);
    }
}

static void check_wants_body(void **state)
{
    static const struct {
        const char *path, *type;
        int wants;
    } list[] = {
        {"/a", "application/json", 1},
        {"/a", "application/json; charset=utf-8", 1},
        {"/a", "application/x-www-form-urlencoded", 0},
        {"/a", "text/csv", 0},
        {"/b", "application/json", 0},
        {"/a", "", 0},
    };
    spbe_settings_t settings = {0};
    size_t i;

    settings.policy = policy_of(
        HEAD "'paths':{'/a':{'post':{'requestBody':{'content':{"
             "'application/json':{'schema':{'type':'integer'}},"
             "'application/x-www-form-urlencoded':{},'text/csv':{'schema':"
             "{'type':'string','maxLength':1}}}}}}}}");
    for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        spbe_match_t match =
            spbe_policy_match(settings.policy, SPBE_SPAN("POST"),
                              spbe_span_from(list[i].path), 0, pool);

        print_message("%s %s\n", list[i].path, list[i].type);
        assert_int_equal(spbe_check_wants_body(&settings, &match,
                                               spbe_span_from(list[i].type)),
                         list[i].wants);
    }
}

/* What a record and a page need besides the rule. */
static void check_about(void **state)
{
    spbe_settings_t settings = {0};
    spbe_verdict_t *verdict;
    const spbe_finding_t *finding;
    const char *request;

    settings.policy = policy_of(
        HEAD "'paths':{'/a':{'get':{'parameters':[{'name':'nik','in':'query',"
             "'schema':{'type':'string','format':'nik','x-spbe-label':"
             "{'id':'NIK','en':'Number'}}}]},'post':{'requestBody':{'content':"
             "{'application/json':{'schema':{'type':'object','properties':"
             "{'kk':{'type':'string','format':'no_kk'}}}}}}}}}}");
    request = "GET /a?nik=12%2034" HOST "\r\n";
    verdict = judge(&settings, request, strlen(request));
    assert_int_equal(verdict->findings->nelts, 1);
    assert_true(verdict->judged);
    assert_string_equal(verdict->route, "/a");
    finding = &APR_ARRAY_IDX(verdict->findings, 0, spbe_finding_t);
    assert_string_equal(finding->about->label_en, "Number");
    assert_int_equal(finding->about->sensitivity, SPBE_SENS_PERSONAL);
    assert_true(spbe_span_eq(finding->value, SPBE_SPAN("12 34")));

    request = quoted("POST /a" HOST JSON "\r\n{'kk':'1'}");
    verdict = judge(&settings, request, strlen(request));
    assert_int_equal(verdict->findings->nelts, 1);
    finding = &APR_ARRAY_IDX(verdict->findings, 0, spbe_finding_t);
    assert_non_null(finding->about);
    assert_int_equal(finding->about->sensitivity, SPBE_SENS_PERSONAL);
    assert_true(spbe_span_eq(finding->value, SPBE_SPAN("1")));
}

static void check_raw(void **state)
{
    static const struct {
        const char *raw, *error; /* a part of it; NULL: fine */
        const char *method, *path, *query, *body;
    } list[] = {
        {"GET /a?b=c HTTP/1.1\r\n\r\n", NULL, "GET", "/a", "b=c", ""},
        {"GET / HTTP/1.1", NULL, "GET", "/", "", ""},
        {"GET http://h:80/a?b HTTP/1.1\n\n", NULL, "GET", "/a", "b", ""},
        {"GET http://h HTTP/1.1\n\n", NULL, "GET", "/", "", ""},
        {"GET http://h?x HTTP/1.1\n\n", NULL, "GET", "?x", "", ""},
        {"GET /a?u=http://h/ HTTP/1.1\n\n", NULL, "GET", "/a", "u=http://h/",
         ""},
        {"POST / HTTP/1.1\nContent-Length: 2\n\nabc", NULL, "POST", "/", "",
         "ab"},
        {"POST / HTTP/1.1\n\nabc", NULL, "POST", "/", "", "abc"},
        {"POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n2;x=y\r\nab\r\n"
         "0a\r\n0123456789\r\n0\r\n\r\n",
         NULL, "POST", "/", "", "ab0123456789"},
        {"", "no request line", NULL, NULL, NULL, NULL},
        {"GET /", "no request line", NULL, NULL, NULL, NULL},
        {"GET  HTTP/1.1", "no request line", NULL, NULL, NULL, NULL},
        {"GET / HTTP/1.1\nabc\n\n", "has no ':'", NULL, NULL, NULL, NULL},
        {"GET / HTTP/1.1\nA: b\n c\n\n", "second line", NULL, NULL, NULL, NULL},
        {"GET / HTTP/1.1\nContent-Length: 5\n\nabc", "shorter than", NULL, NULL,
         NULL, NULL},
        {"GET / HTTP/1.1\nContent-Length: x\n\nabc", "no number", NULL, NULL,
         NULL, NULL},
        {"GET / HTTP/1.1\nTransfer-Encoding: gzip\n\n", "not chunked", NULL,
         NULL, NULL, NULL},
        {"GET / HTTP/1.1\nTransfer-Encoding: chunked\n\nx\r\n", "has no size",
         NULL, NULL, NULL, NULL},
        {"GET / HTTP/1.1\nTransfer-Encoding: chunked\n\nff\r\nab",
         "chunk is cut", NULL, NULL, NULL, NULL},
        {"GET / HTTP/1.1\nTransfer-Encoding: chunked\n\n1\r\nab\r\n",
         "longer than its size", NULL, NULL, NULL, NULL},
        {"GET / HTTP/1.1\nTransfer-Encoding: chunked\n\n"
         "fffffffffffffffffffff\r\nab",
         "has no size", NULL, NULL, NULL, NULL},
    };
    size_t i;

    for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        spbe_view_t view;
        const char *error =
            spbe_check_raw(spbe_span_from(list[i].raw), 0, &view, pool);

        print_message("%s\n", list[i].raw);
        assert_int_equal(error != NULL, list[i].error != NULL);
        if (error != NULL) {
            assert_non_null(strstr(error, list[i].error));
            continue;
        }
        assert_true(spbe_span_eq(view.method, spbe_span_from(list[i].method)));
        if (list[i].path[0] == '/') {
            assert_true(spbe_span_eq(view.path, spbe_span_from(list[i].path)));
            assert_true(
                spbe_span_eq(view.query, spbe_span_from(list[i].query)));
        }
        assert_true(spbe_span_eq(view.body, spbe_span_from(list[i].body)));
    }
}

static int setup(void **state)
{
    apr_initialize();
    if (apr_pool_create(&pool, NULL) != APR_SUCCESS) {
        return 1;
    }
    tools.regex = spbe_regex_scratch_create(pool);
    tools.magic = spbe_magic_open(pool);
    return 0;
}

static int teardown(void **state)
{
    apr_pool_destroy(pool);
    apr_terminate();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_styles),     cmocka_unit_test(check_requests),
        cmocka_unit_test(check_closed),     cmocka_unit_test(check_methods),
        cmocka_unit_test(check_judged),     cmocka_unit_test(check_steps),
        cmocka_unit_test(check_unknown),    cmocka_unit_test(check_staged),
        cmocka_unit_test(check_lines),      cmocka_unit_test(check_both),
        cmocka_unit_test(check_nothing),    cmocka_unit_test(check_many),
        cmocka_unit_test(check_wants_body), cmocka_unit_test(check_about),
        cmocka_unit_test(check_raw),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
