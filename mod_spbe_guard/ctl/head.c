/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/head.c - "head": the last group of the archive, to be kept elsewhere: on
 * a daily report, in another system. A cut behind it is found by it.
 */
#include <stdio.h>
#include <apr_strings.h>
#include "ctl/ctl.h"
#include "store/archive.h"
#include "store/firstkey.h"
#include "text/jsonout.h"
#include "text/stamp.h"
#include "text/visible.h"

typedef struct facts {
    spbe_head_t head;
    char text[SPBE_HEAD_TEXT];
    char first[SPBE_FIRSTKEY_TEXT]; /* "" when it is not there */
} facts_t;

static int read_facts(const spbe_ctl_t *ctl, const char *dir, facts_t *facts)
{
    const char *path =
        apr_pstrcat(ctl->pool, dir, "/" SPBE_FIRSTKEY_FILE, NULL);
    unsigned char key[SPBE_SIGNER_SIZE];
    spbe_archive_t *archive;
    char reason[128];
    apr_status_t rv =
        spbe_archive_open(&archive, dir, SPBE_ARCHIVE_READ, ctl->pool);

    if (rv != APR_SUCCESS) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s/archive: %s",
                             spbe_visible(dir, ctl->pool),
                             apr_strerror(rv, reason, sizeof(reason)));
    }
    spbe_archive_head(archive, &facts->head);
    spbe_head_write(&facts->head, facts->text);
    facts->first[0] = '\0';
    if (spbe_firstkey_read(path, key) == APR_SUCCESS) {
        spbe_firstkey_print(key, facts->first);
    }
    return facts->head.group > 0
               ? SPBE_CTL_FINE
               : spbe_ctl_fail(SPBE_CTL_TROUBLE,
                               "%s: there is nothing in the archive yet",
                               spbe_visible(dir, ctl->pool));
}

static void print_json(const facts_t *facts, apr_pool_t *pool)
{
    char stamp[SPBE_STAMP_SIZE];
    spbe_buf_t buf;

    spbe_stamp_write(facts->head.time, stamp);
    spbe_buf_init(&buf, 256, pool);
    spbe_buf_addc(&buf, '{');
    spbe_jsonout_text(&buf, "head", facts->text);
    spbe_jsonout_number(&buf, "group", (apr_int64_t)facts->head.group);
    spbe_jsonout_text(&buf, "time", stamp);
    spbe_jsonout_text(&buf, "first",
                      facts->first[0] == '\0' ? NULL : facts->first);
    spbe_buf_addc(&buf, '}');
    puts(spbe_buf_cstr(&buf));
}

static void print(const facts_t *facts, const char *dir, apr_pool_t *pool)
{
    char stamp[SPBE_STAMP_SIZE];

    spbe_stamp_local(facts->head.time, stamp);
    printf("Kepala arsip (head of the archive) %s\n\n  %s\n\n  ditandatangani "
           "(signed) %s\n",
           spbe_visible(dir, pool), facts->text, stamp);
    if (facts->first[0] != '\0') {
        printf("  kunci publik pertama (first public key) %s\n", facts->first);
    }
    puts("\nSimpan di luar peladen ini, misalnya pada laporan harian yang "
         "dicetak. Pemeriksaan\nkemudian (keep it elsewhere; checked later "
         "by):\n  spbe-guardctl verify --head KEPALA");
}

int spbe_ctl_head(const spbe_ctl_t *ctl, int argc, const char *const *argv)
{
    const char *dir = ctl->archive != NULL ? ctl->archive : ctl->home;
    facts_t facts;
    int json = 0;
    const spbe_ctl_option_t options[] = {
        {"--json", NULL, &json},
        {NULL, NULL, NULL},
    };
    int code = spbe_ctl_options(ctl, argc, argv, options, NULL);

    if (code == SPBE_CTL_FINE) {
        code = read_facts(ctl, dir, &facts);
    }
    if (code != SPBE_CTL_FINE) {
        return code;
    }
    if (json) {
        print_json(&facts, ctl->pool);
    }
    else {
        print(&facts, dir, ctl->pool);
    }
    return SPBE_CTL_FINE;
}
