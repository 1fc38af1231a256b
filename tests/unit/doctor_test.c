/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/doctor_test.c - spbe-guardctl doctor on small configurations:
 * which settings of input validation it speaks of, and of which it is silent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <apr_general.h>
#include <apr_strings.h>
#include <cjson/cJSON.h>

#define CTL "build/spbe-guardctl"
#define HANDLER                                                                \
    "<Location /spbe-guard-client>\nSetHandler spbe-guard-client\n"            \
    "</Location>\n"
#define SCRIPT "SpbeGuardParam a text\nSpbeGuardClientScript On\n"

static apr_pool_t *pool;

/* What every configuration begins with. */
static const char head[] =
    "LoadModule spbe_guard_module mod_spbe_guard.so\n"
    "LoadModule reqtimeout_module mod_reqtimeout.so\n"
    "Listen 80\nDocumentRoot /srv/web\nSpbeGuardInput On\n";

static const struct {
    const char *label;
    const char *conf;
    const char *id;
    const char *says; /* in what, why or cure; NULL: it is not found */
} rows[] = {
    {"On without rules", "", "input-no-rules", "SpbeGuardParam"},
    {"rules in a section",
     "<Location /a>\nSpbeGuardParam a text\n</Location>\n", "input-no-rules",
     NULL},
    {"rules of a section",
     "<Location /a>\nSpbeGuardParam a text\n</Location>\n", "input-rules",
     "di <Location /a>: 1 isian"},
    {"rules taken away again",
     "SpbeGuardParam a text\n<Location />\nSpbeGuardParam none\n</Location>\n",
     "input-no-rules", "SpbeGuardPolicy"},
    {"rules begun anew",
     "SpbeGuardParam a text\nSpbeGuardParam b text\n<Location />\n"
     "SpbeGuardParam none\nSpbeGuardParam c text\n</Location>\n",
     "input-rules", "1 isian"},
    {"a name replaced", "SpbeGuardParam a text\nSpbeGuardParam a nik\n",
     "input-rules", ": 1 isian"},
    {"policy none", "SpbeGuardPolicy none\n", "input-no-rules", "On tanpa"},
    {"policy none is no file", "SpbeGuardPolicy none\n", "policy-unreadable",
     NULL},
    {"a folder for a policy", "SpbeGuardPolicy /\n", "policy-unreadable",
     "bukan berkas biasa"},
    {"a policy that is no JSON", "SpbeGuardPolicy /etc/passwd\n",
     "policy-wrong", "/etc/passwd:1:1: "},
    {"rules where Input is Off",
     "<Location /a>\nSpbeGuardInput Off\nSpbeGuardParam a text\n</Location>\n",
     "input-rules-idle", "SpbeGuardInput DetectOnly"},
    {"Engine sets Input as well",
     "<Location /a>\nSpbeGuardEngine Off\nSpbeGuardParam a text\n</Location>\n",
     "input-rules-idle", "tidak pernah dipakai"},
    {"the line that says Off is named",
     "<Location /a>\nSpbeGuardParam a text\nSpbeGuardEngine Off\n"
     "</Location>\n",
     "input-rules-idle", "sebagai ganti /tmp/spbe-doctor-"},
    {"an Off further out stands in nobody's way",
     "SpbeGuardInput Off\n<Location /a>\nSpbeGuardParam a text\n"
     "</Location>\n",
     "input-rules-idle", "DetectOnly    # di <Location /a>\""},
    {"an outer location holds for an inner one",
     "<Location /a>\nSpbeGuardInput Off\n</Location>\n"
     "<Location /a/b>\nSpbeGuardParam a text\n</Location>\n",
     "input-rules-idle", "<Location /a/b>"},
    {"a neighbour does not",
     "<Location /a>\nSpbeGuardInput Off\n</Location>\n"
     "<Location /ab>\nSpbeGuardParam a text\n</Location>\n",
     "input-rules-idle", NULL},
    {"Location goes over Directory",
     "<Location />\nSpbeGuardInput On\n</Location>\n<Directory /srv/web/a>\n"
     "SpbeGuardInput Off\nSpbeGuardParam a text\n</Directory>\n",
     "input-rules-idle", NULL},
    {"Directory goes over the server",
     "<Directory /srv/web/a>\nSpbeGuardInput Off\nSpbeGuardParam a text\n"
     "</Directory>\n",
     "input-rules-idle", "<Directory /srv/web/a>"},
    {"the longer folder counts",
     "<Directory /srv/web>\nSpbeGuardInput On\n</Directory>\n"
     "<Directory />\nSpbeGuardInput Off\n</Directory>\n",
     "input-no-rules", "On tanpa"},
    {"If inside of Location",
     "<Location /a>\n<If \"true\">\nSpbeGuardInput Off\nSpbeGuardParam a text\n"
     "</If>\n</Location>\n",
     "input-rules-idle", "di <If"},
    {"a section that others may be weaker than",
     "SpbeGuardInput DetectOnly\n<Location /a>\nSpbeGuardInput On\n"
     "</Location>\n",
     "mode-part", "sisa situs: DetectOnly"},
    {"the mode of the site said again",
     "<Location /a>\nSpbeGuardInput On\n</Location>\n", "mode-part", NULL},
    {"closed", "SpbeGuardFailMode closed\n", "fail-open", NULL},
    {"open", "SpbeGuardFailMode open\n", "fail-open", "closed"},
    {"open, Off", "SpbeGuardInput Off\nSpbeGuardFailMode open\n", "fail-open",
     NULL},
    {"unknown allowed", "SpbeGuardParam a text\nSpbeGuardUnknown allow\n",
     "unknown-allow", "SpbeGuardUnknown log"},
    {"unknown logged", "SpbeGuardParam a text\nSpbeGuardUnknown log\n",
     "unknown-allow", NULL},
    {"a limit without pass", "SpbeGuardBodyLimit 8M\n", "body-pass", NULL},
    {"a limit with pass", "SpbeGuardBodyLimit 8M pass\n", "body-pass", "8M"},
    {"all for one field alone", "SpbeGuardMalformed all log field=a\n",
     "malformed-loose", NULL},
    {"a cookie is logged anyway", "SpbeGuardMalformed cookie log\n",
     "malformed-loose", NULL},
    {"all, then all again",
     "SpbeGuardMalformed all allow\nSpbeGuardMalformed all reject\n",
     "malformed-loose", NULL},
    {"two of one line", "SpbeGuardMalformed json-depth separator log\n",
     "malformed-loose", "2 sebab tidak ditolak (separator, json-depth)"},
    {"all of them", "SpbeGuardMalformed all log\n", "malformed-loose",
     "all reject"},
    {"uploads limited", "LimitRequestBody 1000\n", "upload-unlimited", NULL},
    {"uploads unlimited", "LimitRequestBody 0\n", "upload-unlimited",
     "LimitRequestBody 33554432"},
    {"reqtimeout as it is", "", "slow-bodies", NULL},
    {"reqtimeout of headers", "RequestReadTimeout header=0 body=05\n",
     "slow-bodies", NULL},
    {"reqtimeout off", "RequestReadTimeout body=0,MinRate=1\n", "slow-bodies",
     "body=0"},
    {"script, no handler", SCRIPT, "client-handler", "/spbe-guard-client"},
    {"script and handler", SCRIPT HANDLER, "client-handler", NULL},
    {"handler elsewhere",
     "SpbeGuardParam a text\nSpbeGuardClientScript On /s/x\n" HANDLER,
     "client-handler", "<Location /s/x>"},
    {"the path said further out",
     "SpbeGuardClientScript Off /s/x\n<Location /a>\n" SCRIPT
     "</Location>\n" HANDLER,
     "client-handler", "/s/x"},
    {"handler by an expression",
     SCRIPT "<LocationMatch \"^/spbe-[a-z]+-client$\">\n"
            "SetHandler spbe-guard-client\n</LocationMatch>\n",
     "client-handler", NULL},
    {"nothing passed on", SCRIPT HANDLER, "client-proxied", NULL},
    {"all passed on", SCRIPT HANDLER "ProxyPass / http://127.0.0.1:1/\n",
     "client-proxied", "ProxyPass !"},
    {"all but the script",
     SCRIPT HANDLER
     "ProxyPass /spbe-guard-client !\nProxyPass / http://127.0.0.1:1/\n",
     "client-proxied", NULL},
    {"the exception too late",
     SCRIPT HANDLER
     "ProxyPass / http://127.0.0.1:1/\nProxyPass /spbe-guard-client !\n",
     "client-proxied", "meneruskan"},
    {"the exception inside",
     SCRIPT "ProxyPass / http://127.0.0.1:1/\n<Location /spbe-guard-client>\n"
            "ProxyPass !\nSetHandler spbe-guard-client\n</Location>\n",
     "client-proxied", NULL},
    {"passed on by Location",
     SCRIPT HANDLER
     "<Location />\nProxyPass http://127.0.0.1:1/\n</Location>\n",
     "client-proxied", "ProxyPass !"},
    {"another path passed on",
     SCRIPT HANDLER "ProxyPass /app http://127.0.0.1:1/\n", "client-proxied",
     NULL},
    {"script without rules", "SpbeGuardClientScript On\n" HANDLER,
     "client-idle", "SpbeGuardParam"},
    {"script, DetectOnly", "SpbeGuardInput DetectOnly\n" SCRIPT HANDLER,
     "client-idle", "SpbeGuardInput On"},
    {"script that works", SCRIPT HANDLER, "client-idle", NULL},
    {"handler alone", HANDLER, "client-unused", "SpbeGuardClientScript On"},
    {"handler in use", SCRIPT HANDLER, "client-unused", NULL},
    {"verdict for nobody", "SpbeGuardVerdictHeader On\n", "verdict-header",
     "SPBE_VERDICT"},
    {"verdict for FastCGI",
     "SpbeGuardVerdictHeader On\nProxyPass / fcgi://127.0.0.1:9000/\n",
     "verdict-header", "SPBE_VERDICT"},
    {"verdict for HTTP",
     "SpbeGuardVerdictHeader On\nProxyPass / http://127.0.0.1:1/\n",
     "verdict-header", NULL},
    {"verdict for a rewritten HTTP",
     "SpbeGuardVerdictHeader On\n"
     "RewriteRule ^(.*)$ http://127.0.0.1:1$1 [L,P]\n",
     "verdict-header", NULL},
    {"verdict, Off",
     "SpbeGuardInput Off\nSpbeGuardVerdictHeader On\n"
     "ProxyPass / http://127.0.0.1:1/\n",
     "verdict-header", "SpbeGuardInput DetectOnly"},
    {"DetectOnly", "SpbeGuardInput DetectOnly\n", "mode-input",
     "spbe-guardctl review"},
    {"Off beside On",
     "<VirtualHost *:80>\nServerName a\n</VirtualHost>\n<VirtualHost *:80>\n"
     "ServerName b\nSpbeGuardInput Off\n</VirtualHost>\n",
     "mode-input", "memakai On"},
    {"Off everywhere", "SpbeGuardInput Off\n", "mode-input",
     "tidak diperiksa sama sekali\""},
    {"HTTPS checks less",
     "<VirtualHost *:80>\nServerName a\n</VirtualHost>\n<VirtualHost *:443>\n"
     "ServerName a\nSSLEngine on\nSpbeGuardInput DetectOnly\n</VirtualHost>\n",
     "https-differs",
     "httpd.conf:12 (SpbeGuardInput DetectOnly) menjadi: SpbeGuardInput On"},
    {"Engine Off in a site is what must be changed",
     "SpbeGuardEngine On\n<VirtualHost *:80>\nServerName a\n"
     "SpbeGuardEngine Off\n</VirtualHost>\n",
     "site-uncovered",
     "httpd.conf:9 (SpbeGuardEngine Off) menjadi: SpbeGuardFailure On dan "
     "SpbeGuardInput DetectOnly (dua baris)\""},
    {"for its input as well",
     "SpbeGuardEngine On\n<VirtualHost *:80>\nServerName a\n"
     "SpbeGuardEngine Off\n</VirtualHost>\n",
     "mode-input", "httpd.conf:9 (SpbeGuardEngine Off) menjadi: "},
    {"Failure Off in a site",
     "<VirtualHost *:80>\nServerName a\nSpbeGuardFailure Off\n"
     "</VirtualHost>\n",
     "site-uncovered",
     "httpd.conf:8 (SpbeGuardFailure Off) menjadi: SpbeGuardFailure On\""},
    {"Off for every path goes over what a site says",
     "<Location />\nSpbeGuardEngine Off\n</Location>\n<VirtualHost *:80>\n"
     "ServerName a\n</VirtualHost>\n",
     "site-uncovered", "ganti baris "},
    {"Off of the server: the site may say otherwise",
     "SpbeGuardEngine Off\n<VirtualHost *:80>\nServerName a\n"
     "</VirtualHost>\n",
     "site-uncovered", "\"SpbeGuardFailure On    # di <VirtualHost *:80>"},
    {"a part that is weaker",
     "<Location /a>\nSpbeGuardInput Off\n</Location>\n", "mode-part",
     "httpd.conf:7 (SpbeGuardInput Off) menjadi: SpbeGuardInput On\""},
    {"details in clear", "SpbeGuardRecipients none\n", "recipients",
     "tanpa disegel"},
    {"no file of recipients", "SpbeGuardRecipients /nowhere/r.pem\n",
     "recipients", "sudo spbe-guardctl init"},
    {"a file of recipients that is none", "SpbeGuardRecipients /etc/passwd\n",
     "recipients", "tidak dapat dipakai"},
    {"one recipient", "SpbeGuardRecipients @/one.pem\n", "recipients",
     "\"1 penerima dapat"},
    {"one is to be two", "SpbeGuardRecipients @/one.pem\n", "recipients",
     "keys add"},
    {"two recipients", "SpbeGuardRecipients @/two.pem\n", "recipients",
     "\"level\":\"ok\""},
    {"its private key beside it", "SpbeGuardRecipients @/one.pem\n",
     "private-key", "shred -u @/private.pem"},
    {"an error log without a filter", "ErrorLog @/error.log\n",
     "log-unfiltered",
     "ErrorLog \\\"|/usr/sbin/spbe-guardlog --error-log @/error.log\\\""},
    {"an error log of another program", "ErrorLog \"|/usr/bin/rotatelogs x\"\n",
     "log-unfiltered", "--error-log /var/log/apache2/error.log"},
    {"a filtered one",
     "ErrorLog \"|/usr/sbin/spbe-guardlog --error-log @/error.log\"\n",
     "log-unfiltered", NULL},
    {"filtered without references",
     "ErrorLog \"|/usr/sbin/spbe-guardlog --error-log @/error.log\"\n",
     "log-filtered", "ErrorLogFormat"},
    {"filtered with references",
     "ErrorLog \"|/usr/sbin/spbe-guardlog --error-log=@/error.log\"\n"
     "ErrorLogFormat \"[%t] [%l] [ref %L] %M\"\n",
     "log-filtered", "\"level\":\"ok\""},
    {"what still stands in its file",
     "ErrorLog \"|/usr/sbin/spbe-guardlog --error-log=@/error.log\"\n",
     "log-detail", "1 dari 2 baris"},
    {"a password that ps shows",
     "SpbeGuardLog \"|/usr/sbin/spbe-guardlog --database pgsql:host=db "
     "user=spbe_guard_writer password=x\"\n",
     "database-role", "passfile="},
    {"the database's own superuser",
     "SpbeGuardLog \"|/usr/sbin/spbe-guardlog --database pgsql:host=db "
     "user=postgres\"\n",
     "database-role", "user=spbe_guard_writer"},
    {"a role that may only write",
     "SpbeGuardLog \"|/usr/sbin/spbe-guardlog --database pgsql:host=db "
     "user=spbe_guard_writer\"\n",
     "database-role", "\"level\":\"ok\""},
    {"SQLite has no roles", "SpbeGuardLog \"|/usr/sbin/spbe-guardlog\"\n",
     "database-role", NULL},
    {"a spill folder for everybody", "SpbeGuardSpill /tmp\n", "spill",
     "chmod 770"},
    {"a run folder that anybody may write in", "SpbeGuardRunDir @/open\n",
     "run-dir", "chmod 755 @/open"},
    {"a home that is missing", "", "home", "sudo spbe-guardctl init"},
    {"a spool folder that is a file", "SpbeGuardSpoolDir /etc/passwd\n",
     "spool-missing", "bukan folder"},
};

static char folder[] = "/tmp/spbe-doctor-XXXXXX";

/* '@' stands for the folder of the test. */
static const char *with_folder(const char *text)
{
    const char *at = strchr(text, '@');

    return at == NULL ? text
                      : apr_pstrcat(pool,
                                    apr_pstrmemdup(pool, text,
                                                   (apr_size_t)(at - text)),
                                    folder, with_folder(at + 1), NULL);
}

static void run(const char *command)
{
    assert_int_equal(system(with_folder(command)), 0);
}

static void make_files(void)
{
    run("cd @ && mkdir -p open && chmod 777 open && "
        "openssl genpkey -algorithm X25519 -out private.pem 2>/dev/null && "
        "openssl pkey -in private.pem -pubout -out one.pem && "
        "openssl genpkey -algorithm X25519 2>/dev/null | "
        "openssl pkey -pubout -out other.pem && "
        "cat one.pem other.pem >two.pem && printf '%s\\n' biasa "
        "'PHP Fatal error:  x' >error.log");
}

static cJSON *findings(const char *conf)
{
    const char *file = apr_pstrcat(pool, folder, "/httpd.conf", NULL);
    static char text[1 << 20];
    FILE *out = fopen(file, "w"), *in;
    size_t n;

    assert_non_null(out);
    fputs(head, out);
    fputs(with_folder(conf), out);
    assert_int_equal(fclose(out), 0);
    in = popen(apr_pstrcat(pool, CTL " --home ", folder,
                           "/home doctor --json --php-ini /dev/null --conf ",
                           file, NULL),
               "r");
    assert_non_null(in);
    n = fread(text, 1, sizeof(text) - 1, in);
    text[n] = '\0';
    pclose(in);
    return cJSON_Parse(text);
}

/* The texts of all findings of that id, or NULL. */
static const char *texts(const cJSON *all, const char *id)
{
    const char *text = NULL;
    const cJSON *finding;

    cJSON_ArrayForEach(finding, all)
    {
        const cJSON *own = cJSON_GetObjectItem(finding, "id");

        if (strcmp(own->valuestring, id) == 0) {
            char *printed = cJSON_PrintUnformatted(finding);

            text = apr_pstrcat(pool, text == NULL ? "" : text, printed, NULL);
            free(printed);
        }
    }
    return text;
}

static void doctor_input(void **state)
{
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cJSON *all = findings(rows[i].conf);
        const char *text = texts(all, rows[i].id);
        int is_list = cJSON_IsArray(all);

        cJSON_Delete(all);
        if (!is_list) {
            fail_msg("%s: no list", rows[i].label);
        }
        if (rows[i].says == NULL
                ? text != NULL
                : text == NULL
                      || strstr(text, with_folder(rows[i].says)) == NULL) {
            fail_msg("%s: %s: %s", rows[i].label, rows[i].id,
                     text == NULL ? "not found" : text);
        }
    }
}

/* The first cure that people read, of a configuration without `head`. */
static void doctor_not_loaded(void **state)
{
    const char *file = apr_pstrcat(pool, folder, "/httpd.conf", NULL);
    const char *want = "a2enmod spbe_guard", *cure;
    static char text[1 << 20];
    FILE *out = fopen(file, "w"), *in;
    size_t n;

    assert_non_null(out);
    fputs("Listen 80\n<VirtualHost *:80>\nServerName a\n</VirtualHost>\n", out);
    assert_int_equal(fclose(out), 0);
    in = popen(apr_pstrcat(pool, CTL " doctor --php-ini /dev/null --conf ",
                           file, NULL),
               "r");
    assert_non_null(in);
    n = fread(text, 1, sizeof(text) - 1, in);
    text[n] = '\0';
    pclose(in);
    cure = strstr(text, "obat:");
    assert_non_null(cure);
    cure += strlen("obat:    ");
    assert_memory_equal(cure, want, strlen(want));
    assert_null(strstr(text, "obat:    SpbeGuardFailure"));
    assert_non_null(strstr(text, "\nserver\n"));
}

/* What the logger says of itself. */
static void doctor_logger(void **state)
{
    static const struct {
        const char *label, *state, *id, *says;
    } logger_rows[] = {
        {"it has stopped", "\"running\":false", "logger", "telah berhenti"},
        {"it is silent", "\"running\":true,\"time\":\"2026-01-01T00:00:00Z\"",
         "logger", "\"level\":\"bad\""},
        {"it lives", "\"running\":true,\"time\":\"2999-01-01T00:00:00Z\"",
         "logger", "\"level\":\"ok\""},
        {"a trouble",
         "\"troubles\":[{\"what\":\"disk\",\"detail\":\"x\",\"since\":\"y\"}]",
         "logger-trouble", "logger: disk: x"},
        {"no trouble", "\"troubles\":[]", "logger-trouble", NULL},
        {"lost", "\"lost\":3", "logger-lost", "3 catatan"},
        {"details left out", "\"stage\":2", "disk-stage", "bagian ringkas"},
        {"room enough", "\"stage\":0", "disk-stage", NULL},
        {"no head has left", "\"head\":\"1:ab\",\"head_sent\":null", "head",
         "belum pernah dikirim"},
        {"a head has left",
         "\"head\":\"1:ab\",\"head_sent\":\"2026-01-01T00:00:00Z\"", "head",
         "\"level\":\"ok\""},
        {"no archive yet", "\"head\":null", "head", NULL},
        {"no JSON", "\x01", "logger", "\"level\":\"bad\""},
    };
    size_t i;

    run("mkdir @/home");
    for (i = 0; i < sizeof(logger_rows) / sizeof(logger_rows[0]); i++) {
        FILE *out = fopen(with_folder("@/home/state.json"), "w");
        const char *text;
        cJSON *all;

        assert_non_null(out);
        fprintf(out, "{\"v\":1,%s}\n", logger_rows[i].state);
        assert_int_equal(fclose(out), 0);
        all = findings("");
        text = texts(all, logger_rows[i].id);
        cJSON_Delete(all);
        if (logger_rows[i].says == NULL
                ? text != NULL
                : text == NULL || strstr(text, logger_rows[i].says) == NULL) {
            fail_msg("%s: %s: %s", logger_rows[i].label, logger_rows[i].id,
                     text == NULL ? "not found" : text);
        }
    }
    run("rm -r @/home");
}

static int setup(void **state)
{
    apr_initialize();
    if (apr_pool_create(&pool, NULL) != APR_SUCCESS ||
        mkdtemp(folder) == NULL) {
        return 1;
    }
    make_files();
    return 0;
}

static int teardown(void **state)
{
    run("rm -rf @");
    apr_pool_destroy(pool);
    apr_terminate();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(doctor_input),
                                       cmocka_unit_test(doctor_logger),
                                       cmocka_unit_test(doctor_not_loaded)};

    return cmocka_run_group_tests(tests, setup, teardown);
}
