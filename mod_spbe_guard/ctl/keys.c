/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/keys.c - "keys": who can read the details, from now on and of the past.
 */
#include <stdio.h>
#include <string.h>
#include <apr_strings.h>
#include "ctl/keyfile.h"
#include "ctl/keys.h"
#include "text/jsonout.h"
#include "text/utf8.h"
#include "text/visible.h"

#define NAME_MAX_BYTES 200

typedef struct keys {
    const spbe_ctl_t *ctl;
    const char *file; /* of recipients */
    const char *name, *reason, *to, *out, *passphrase_file;
    apr_array_header_t *private_keys; /* const char *: of --key */
    apr_array_header_t *words;
    int json;
} keys_t;

static const char *word(const keys_t *k, int i)
{
    return i < k->words->nelts ? APR_ARRAY_IDX(k->words, i, const char *)
                               : NULL;
}

/* A name stands in a comment of the file. */
int spbe_keys_is_name(const char *text)
{
    const char *c;

    for (c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f) {
            return 0;
        }
    }
    return c > text && c - text <= NAME_MAX_BYTES &&
           spbe_utf8_valid(spbe_span_from(text));
}

void spbe_keys_reload(void)
{
    puts("berlaku sesudah (in force after): apache2ctl configtest && "
         "apache2ctl graceful");
}

static void print_json(const apr_array_header_t *recipients, apr_pool_t *pool)
{
    spbe_buf_t buf;
    int i;

    spbe_buf_init(&buf, 1024, pool);
    spbe_buf_addc(&buf, '[');
    for (i = 0; i < recipients->nelts; i++) {
        const spbe_recipient_t *r =
            &APR_ARRAY_IDX(recipients, i, spbe_recipient_t);

        spbe_jsonout_comma(&buf);
        spbe_buf_addc(&buf, '{');
        spbe_jsonout_text(&buf, "id", r->id);
        spbe_jsonout_text(&buf, "name", r->name);
        spbe_jsonout_text(&buf, "retired", r->retired);
        spbe_buf_addc(&buf, '}');
    }
    spbe_buf_addc(&buf, ']');
    puts(spbe_buf_cstr(&buf));
}

static int list(const keys_t *k)
{
    apr_pool_t *pool = k->ctl->pool;
    apr_array_header_t *recipients;
    const char *why;
    int i;

    if (spbe_recipients_read(k->file, &recipients, &why, pool) != SPBE_OK) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s", spbe_visible(why, pool));
    }
    if (k->json) {
        print_json(recipients, pool);
        return SPBE_CTL_FINE;
    }
    printf("Penerima rincian (recipients), %s:\n", spbe_visible(k->file, pool));
    for (i = 0; i < recipients->nelts; i++) {
        const spbe_recipient_t *r =
            &APR_ARRAY_IDX(recipients, i, spbe_recipient_t);

        printf("  %s  %-10s  %s\n", r->id,
               r->retired == NULL ? "aktif" : spbe_visible(r->retired, pool),
               spbe_visible(r->name, pool));
    }
    if (spbe_recipients_in_use(recipients) < 2) {
        puts("kurang dari dua yang aktif: bila kunci hilang, rincian tidak "
             "terbaca lagi\n(fewer than two in use: spbe-guardctl keys add)");
    }
    return SPBE_CTL_FINE;
}

/* The one public key that a file holds. */
int spbe_keys_read_public(const spbe_ctl_t *ctl, const char *path,
                          spbe_recipient_t *recipient)
{
    apr_array_header_t *recipients;
    const char *why;

    if (spbe_recipients_read(path, &recipients, &why, ctl->pool) != SPBE_OK) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s",
                             spbe_visible(why, ctl->pool));
    }
    if (recipients->nelts != 1) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s: one public key is needed",
                             spbe_visible(path, ctl->pool));
    }
    *recipient = APR_ARRAY_IDX(recipients, 0, spbe_recipient_t);
    return SPBE_CTL_FINE;
}

static int add(const keys_t *k)
{
    const char *path = word(k, 1);
    apr_pool_t *pool = k->ctl->pool;
    spbe_recipient_t recipient;
    const char *name;
    int added, code;

    if (path == NULL || k->words->nelts > 2) {
        return spbe_ctl_fail(SPBE_CTL_USAGE,
                             "keys add needs one file with a public key");
    }
    code = spbe_keys_read_public(k->ctl, path, &recipient);
    if (code != SPBE_CTL_FINE) {
        return code;
    }
    name = k->name != NULL ? k->name : recipient.name;
    if (!spbe_keys_is_name(name)) {
        return spbe_ctl_fail(SPBE_CTL_USAGE,
                             "keys add needs --name: whose key it is");
    }
    code = spbe_keyfile_add(k->ctl, k->file, name, NULL, recipient.key, &added);
    if (code != SPBE_CTL_FINE) {
        return code;
    }
    printf(added ? "%s %s ditambahkan (added).\n"
                 : "%s %s sudah ada (is there already).\n",
           recipient.id, spbe_visible(name, pool));
    if (added) {
        spbe_keys_reload();
        puts("yang lama tidak ikut terbaca (what is there already is not: "
             "spbe-guardctl keys rewrap)");
    }
    return SPBE_CTL_FINE;
}

static int retire(const keys_t *k)
{
    const char *id = word(k, 1);
    int code;

    if (id == NULL || k->words->nelts > 2) {
        return spbe_ctl_fail(SPBE_CTL_USAGE,
                             "keys retire needs an id of keys list");
    }
    if (k->reason == NULL || !spbe_keys_is_name(k->reason)) {
        return spbe_ctl_fail(SPBE_CTL_USAGE, "keys retire needs --reason");
    }
    code = spbe_keyfile_retire(k->ctl, k->file, id, k->reason);
    if (code == SPBE_CTL_FINE) {
        printf("%s tidak dipakai lagi (retired).\n",
               spbe_visible(id, k->ctl->pool));
        spbe_keys_reload();
        puts("yang lama tetap terbaca dengannya (what is there stays readable "
             "with it)");
    }
    return code;
}

static int rewrap(const keys_t *k)
{
    spbe_keys_rewrap_t order = {.keys = k->private_keys,
                                .to = k->to,
                                .out = k->out,
                                .passphrase_file = k->passphrase_file,
                                .json = k->json};

    if (k->words->nelts > 1 || k->private_keys->nelts == 0 || k->to == NULL ||
        k->out == NULL) {
        return spbe_ctl_fail(SPBE_CTL_USAGE,
                             "keys rewrap needs --key OLD.pem, --to NEW.pem "
                             "and --out FILE");
    }
    return spbe_keys_rewrap(k->ctl, &order);
}

int spbe_ctl_keys(const spbe_ctl_t *ctl, int argc, const char *const *argv)
{
    static const struct {
        const char *name;
        int (*run)(const keys_t *k);
    } commands[] = {
        {"list", list}, {"add", add}, {"retire", retire}, {"rewrap", rewrap}};
    keys_t k = {.ctl = ctl, .file = SPBE_RECIPIENTS_FILE};
    const spbe_ctl_option_t options[] = {
        {"--recipients", &k.file, NULL},
        {"--name", &k.name, NULL},
        {"--reason", &k.reason, NULL},
        {"--to", &k.to, NULL},
        {"--out", &k.out, NULL},
        {"--passphrase-file", &k.passphrase_file, NULL},
        {"--json", NULL, &k.json},
        {NULL, NULL, NULL},
    };
    size_t i;
    int code;

    k.words = apr_array_make(ctl->pool, 4, sizeof(const char *));
    k.private_keys = apr_array_make(ctl->pool, 2, sizeof(const char *));
    code = spbe_ctl_many(ctl, "--key", &argc, &argv, k.private_keys);
    if (code == SPBE_CTL_FINE) {
        code = spbe_ctl_words(ctl, argc, argv, options, k.words);
    }
    if (code != SPBE_CTL_FINE) {
        return code;
    }
    for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (word(&k, 0) != NULL && strcmp(word(&k, 0), commands[i].name) == 0) {
            return commands[i].run(&k);
        }
    }
    return spbe_ctl_fail(SPBE_CTL_USAGE,
                         "keys: list, add, retire or rewrap; see "
                         "spbe-guardctl keys --help");
}
