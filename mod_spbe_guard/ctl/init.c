/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/init.c - "init": folders, signing keys, recipients, database, retention.
 * Again is harmless.
 */
#include "ctl/init.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <apr_strings.h>
#include "ctl/ask.h"
#include "ctl/production.h"
#include "ctl/retention.h"
#include "record/recipients.h"
#include "store/archive.h"
#include "store/database.h"
#include "store/firstkey.h"
#include "text/jsonout.h"
#include "text/visible.h"

/* The signing keys and the first public key; the logger may have made them. */
static int make_chain(spbe_init_t *init)
{
    const spbe_ctl_t *ctl = init->ctl;
    const char *path =
        apr_pstrcat(ctl->pool, ctl->home, "/" SPBE_FIRSTKEY_FILE, NULL);
    unsigned char key[SPBE_SIGNER_SIZE];
    char text[SPBE_FIRSTKEY_TEXT], reason[128];
    spbe_archive_t *archive;
    apr_pool_t *pool;
    apr_status_t rv;

    apr_pool_create(&pool, ctl->pool);
    rv = spbe_archive_open(&archive, ctl->home, SPBE_ARCHIVE_WRITE, pool);
    apr_pool_destroy(pool);
    if (rv == APR_SUCCESS || APR_STATUS_IS_EBUSY(rv)) {
        rv = spbe_firstkey_read(path, key);
    }
    if (rv != APR_SUCCESS) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s/archive: %s",
                             spbe_visible(ctl->home, ctl->pool),
                             apr_strerror(rv, reason, sizeof(reason)));
    }
    spbe_firstkey_print(key, text);
    init->first = apr_pstrdup(ctl->pool, text);
    return SPBE_CTL_FINE;
}

static int make_database(const spbe_init_t *init)
{
    const spbe_ctl_t *ctl = init->ctl;
    spbe_database_t *database;

    if (spbe_database_open(&database, ctl->home, ctl->database,
                           SPBE_DATABASE_OWN, ctl->pool) != APR_SUCCESS) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s",
                             database == NULL ? "out of memory"
                                              : spbe_database_error(database));
    }
    spbe_database_close(database);
    return SPBE_CTL_FINE;
}

static int set_retention(spbe_init_t *init)
{
    const spbe_ctl_t *ctl = init->ctl;
    spbe_retention_t have;
    apr_status_t rv;
    char reason[128];
    long days;

    spbe_retention_read(ctl->home, &have, ctl->pool);
    if (init->retention == NULL && init->ask && !have.is_set) {
        init->retention = spbe_ask_line(
            "\nBerapa lama catatan disimpan, menurut jadwal retensi arsip "
            "Anda: 90d, 5y, none\n(how long are records kept; none: for "
            "ever; empty: decide later):",
            "", ctl->pool);
        init->retention = init->retention[0] == '\0' ? NULL : init->retention;
    }
    if (init->retention == NULL) {
        return SPBE_CTL_FINE;
    }
    if (!spbe_retention_parse(init->retention, &days)) {
        return spbe_ctl_fail(SPBE_CTL_USAGE,
                             "--retention %s: allowed are 90d, 5y, none",
                             spbe_visible(init->retention, ctl->pool));
    }
    if (have.is_set && strcmp(have.text, init->retention) == 0) {
        return SPBE_CTL_FINE;
    }
    rv = spbe_retention_write(ctl->home, init->retention,
                              spbe_home_who(ctl->pool), ctl->pool);
    return rv == APR_SUCCESS
               ? SPBE_CTL_FINE
               : spbe_ctl_fail(SPBE_CTL_TROUBLE, "cannot write %s/%s: %s",
                               spbe_visible(ctl->home, ctl->pool),
                               SPBE_RETENTION_FILE,
                               apr_strerror(rv, reason, sizeof(reason)));
}

/* Four groups on a line: read out and typed without losing one's place. */
static void print_first(const char *first)
{
    size_t i, groups = 0;

    puts(
        "\n==================================================================\n"
        "KUNCI PUBLIK PERTAMA (first public key)\n");
    fputs("    ", stdout);
    for (i = 0; first[i] != '\0'; i++) {
        if (first[i] == '-' && ++groups % 4 == 0) {
            fputs("\n    ", stdout);
        }
        else {
            fputs(first[i] == '-' ? "   " : (char[]){first[i], '\0'}, stdout);
        }
    }
    puts("\n\nCetak sekarang dan simpan di luar peladen ini: hanya dengannya "
         "spbe-guardctl verify\nmembuktikan bahwa arsip tidak diubah. (Print "
         "it now and keep it off this server:\nwith it alone verify proves "
         "that nothing was changed.)\n"
         "==================================================================");
}

static void print_recovery(const char *pem)
{
    printf("\nKUNCI PEMULIHAN (recovery key): cetak atau salin ke kertas, "
           "simpan di brankas.\nIa tidak disimpan di mana pun dan tidak "
           "ditampilkan lagi.\n(Print it on paper and lock it away. It is "
           "stored nowhere and never shown again.)\n\n%s\n",
           pem);
}

static void print_keys(const spbe_init_t *init, int in_use)
{
    apr_pool_t *pool = init->ctl->pool;
    int i;

    if (in_use == 0) {
        printf("\nBelum ada penerima di %s: rincian TIDAK disimpan, hanya "
               "bagian indeks.\n(No recipients: details are not kept. "
               "spbe-guardctl init --key-out harian.pem --recovery)\n",
               spbe_visible(init->recipients, pool));
    }
    if (init->key_out->nelts > 0) {
        puts("\nPINDAHKAN kunci pribadi ke komputer lain sekarang, lalu hapus "
             "di sini:\n(MOVE the private keys to another machine now, then "
             "remove them here:)");
    }
    for (i = 0; i < init->key_out->nelts; i++) {
        printf(
            "    shred -u %s\n",
            spbe_visible(APR_ARRAY_IDX(init->key_out, i, const char *), pool));
    }
    if (init->changed) {
        puts("\nSesudah httpd membacanya, rincian disegel untuk mereka (httpd "
             "reads them at):\n    apache2ctl configtest && apache2ctl "
             "graceful");
    }
}

static void print_all(const spbe_init_t *init, int in_use)
{
    spbe_retention_t retention;
    const spbe_ctl_t *ctl = init->ctl;

    if (init->recovery_pem != NULL) {
        print_recovery(init->recovery_pem);
    }
    print_first(init->first);
    print_keys(init, in_use);
    spbe_retention_read(ctl->home, &retention, ctl->pool);
    if (!retention.is_set) {
        puts("\nMasa simpan belum ditetapkan (retention is not decided): "
             "spbe-guardctl init --retention 5y");
    }
    if (ctl->database != NULL) {
        puts("\nPada SpbeGuardLog (for SpbeGuardLog): --database dengan "
             "user=spbe_guard_writer,\nbukan pemilik (not as the owner).");
    }
    printf("\n%s siap dipakai (is ready).\n",
           spbe_visible(ctl->home, ctl->pool));
}

static void print_json(const spbe_init_t *init, int in_use,
                       const apr_array_header_t *problems)
{
    spbe_retention_t retention;
    spbe_buf_t buf;
    int i;

    spbe_retention_read(init->ctl->home, &retention, init->ctl->pool);
    spbe_buf_init(&buf, 512, init->ctl->pool);
    spbe_buf_addc(&buf, '{');
    spbe_jsonout_text(&buf, "home", init->ctl->home);
    spbe_jsonout_text(&buf, "first", init->first);
    spbe_jsonout_text(&buf, "recipients", init->recipients);
    spbe_jsonout_number(&buf, "in_use", in_use);
    spbe_jsonout_text(&buf, "recovery_key", init->recovery_pem);
    spbe_jsonout_raw(&buf, "retention_set",
                     retention.is_set ? "true" : "false");
    spbe_jsonout_name(&buf, "problems");
    spbe_buf_addc(&buf, '[');
    for (i = 0; i < problems->nelts; i++) {
        spbe_jsonout_comma(&buf);
        spbe_jsonout_string(
            &buf, spbe_span_from(APR_ARRAY_IDX(problems, i, const char *)));
    }
    spbe_buf_adds(&buf, "]}");
    puts(spbe_buf_cstr(&buf));
}

static int finish(const spbe_init_t *init)
{
    apr_pool_t *pool = init->ctl->pool;
    apr_array_header_t *problems = apr_array_make(pool, 1, sizeof(char *));
    apr_array_header_t *recipients;
    const char *why;
    int i, in_use;

    spbe_recipients_read(init->recipients, &recipients, &why, pool);
    in_use = spbe_recipients_in_use(recipients);
    if (init->production) {
        problems = spbe_production_problems(init->ctl, init->recipients,
                                            init->key_out);
    }
    if (init->json) {
        print_json(init, in_use, problems);
    }
    else {
        print_all(init, in_use);
    }
    fflush(stdout);
    for (i = 0; i < problems->nelts; i++) {
        spbe_ctl_fail(0, "--production: %s",
                      APR_ARRAY_IDX(problems, i, const char *));
    }
    return problems->nelts > 0 ? SPBE_CTL_TROUBLE : SPBE_CTL_FINE;
}

static int run(spbe_init_t *init)
{
    int code = spbe_home_find(init->ctl, init->user, &init->place);

    umask(027);
    if (code == SPBE_CTL_FINE) {
        code = spbe_home_make(init->ctl, &init->place);
    }
    if (code == SPBE_CTL_FINE) {
        code = make_chain(init);
    }
    if (code == SPBE_CTL_FINE) {
        code = make_database(init);
    }
    if (code == SPBE_CTL_FINE) {
        umask(022);
        code = spbe_init_keys(init);
    }
    if (code == SPBE_CTL_FINE) {
        code = set_retention(init);
    }
    spbe_home_give(init->ctl, &init->place);
    return code == SPBE_CTL_FINE ? finish(init) : code;
}

int spbe_ctl_init(const spbe_ctl_t *ctl, int argc, const char *const *argv)
{
    spbe_init_t init = {.ctl = ctl, .recipients = SPBE_RECIPIENTS_FILE};
    const spbe_ctl_option_t options[] = {
        {"--user", &init.user, NULL},
        {"--recipients", &init.recipients, NULL},
        {"--retention", &init.retention, NULL},
        {"--passphrase-file", &init.passphrase_file, NULL},
        {"--recovery", NULL, &init.recovery},
        {"--production", NULL, &init.production},
        {"--yes", NULL, &init.yes},
        {"--json", NULL, &init.json},
        {NULL, NULL, NULL},
    };
    int code;

    init.key_out = apr_array_make(ctl->pool, 2, sizeof(const char *));
    init.taken = apr_array_make(ctl->pool, 2, sizeof(const char *));
    code = spbe_ctl_many(ctl, "--key-out", &argc, &argv, init.key_out);
    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_many(ctl, "--recipient", &argc, &argv, init.taken);
    }
    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_options(ctl, argc, argv, options, NULL);
    }
    init.ask = !init.yes && !init.json && spbe_ask_can();
    return code == SPBE_CTL_FINE ? run(&init) : code;
}
