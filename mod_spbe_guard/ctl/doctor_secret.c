/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor_secret.c - who can read the confidential log and whether it can be
 * proved: recipients, private keys that lie about, the signing key, the first
 * public key, retention.
 */
#include "ctl/doctor.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <apr_strings.h>
#include "ctl/production.h"
#include "ctl/retention.h"
#include "record/recipients.h"
#include "store/firstkey.h"

#define INIT "sudo spbe-guardctl init"

static const char *in_home(const spbe_doctor_t *d, const char *name)
{
    return apr_pstrcat(d->pool, d->home, "/", name, NULL);
}

/* ---- recipients ----------------------------------------------------------- */

static void check_number(spbe_doctor_t *d, const char *file,
                         const apr_array_header_t *recipients)
{
    int n = spbe_recipients_in_use(recipients);
    spbe_advice_t f = { .id = "recipients", .file = file };

    f.what = apr_psprintf(d->pool, "%d penerima dapat membuka rincian log "
                          "rahasia", n);
    if (n < 2) {
        f.level = n == 0 ? SPBE_LEVEL_BAD : SPBE_LEVEL_WARN;
        f.why = n == 0 ? "rincian tidak disimpan sama sekali"
                       : "bila kunci yang satu ini hilang, tidak ada yang "
                         "dapat membacanya lagi; yang kedua disimpan di kertas";
        f.cure = "sudo spbe-guardctl keys add publik.pem --name Pemulihan";
    }
    spbe_doctor_add(d, f);
}

/* The first sentence of spbe_production_problems counts the recipients. */
static void check_private(spbe_doctor_t *d, const char *file)
{
    const spbe_ctl_t ctl = { .home = d->home, .pool = d->pool };
    const apr_array_header_t *problems =
        spbe_production_problems(&ctl, file, NULL);
    int i, found = 0;

    for (i = 0; i < problems->nelts; i++) {
        const char *text = APR_ARRAY_IDX(problems, i, const char *);

        if (strstr(text, "shred") == NULL) {
            continue;
        }
        found = 1;
        spbe_doctor_add(d, (spbe_advice_t){
            .id = "private-key", .level = SPBE_LEVEL_BAD, .file = file,
            .what = text,
            .why = "siapa yang menguasai server ini membaca seluruh log "
                   "rahasia",
            .cure = apr_psprintf(d->pool, "shred -u %.*s    # sesudah disalin "
                                 "ke tempat lain", (int)strcspn(text, ":"),
                                 text) });
    }
    if (!found) {
        spbe_doctor_add(d, (spbe_advice_t){
            .id = "private-key", .what = "tidak ada kunci pribadi penerima yang "
                                         "ditemukan di server ini" });
    }
}

static void check_recipients(spbe_doctor_t *d)
{
    const spbe_httpdconf_line_t *line =
        spbe_httpdconf_last(d->conf, -1, "SpbeGuardRecipients");
    const char *file = line == NULL ? SPBE_RECIPIENTS_FILE
                                    : spbe_httpdconf_arg(line, 0);
    spbe_advice_t f = { .id = "recipients", .level = SPBE_LEVEL_BAD,
                        .cure = INIT };
    apr_array_header_t *recipients;
    struct stat st;
    const char *why;

    if (strcasecmp(file, "none") == 0) {
        f.file = line->file;
        f.line = line->line;
        f.what = "SpbeGuardRecipients none: rincian ditulis tanpa disegel";
        f.why = "siapa yang dapat membaca arsip membaca semuanya";
        f.cure = INIT "    # lalu hapus baris ini";
    }
    else if (stat(file = spbe_httpdconf_path(d->conf, file, d->pool), &st)
             == -1) {
        f.file = file;
        f.what = "berkas penerima tidak ada";
        f.why = line == NULL ? "yang disimpan hanya bagian ringkas; rincian "
                               "kesalahan hilang"
                             : "httpd tidak mau dijalankan";
    }
    else if (spbe_recipients_read(file, &recipients, &why, d->pool)
             != SPBE_OK) {
        f.what = apr_pstrcat(d->pool, "berkas penerima tidak dapat dipakai: ",
                             why, NULL);
        f.why = "httpd tidak mau dijalankan";
        f.cure = "sudo spbe-guardctl keys list";
    }
    else {
        check_number(d, file, recipients);
        check_private(d, file);
        return;
    }
    spbe_doctor_add(d, f);
}

/* ---- what proves ----------------------------------------------------------- */

/* A file or folder that none but its owner may open. */
static void check_mode(spbe_doctor_t *d, const char *name, int mode,
                       const char *why)
{
    spbe_advice_t f = { .id = "home-mode", .file = in_home(d, name) };
    struct stat st;

    if (lstat(f.file, &st) == -1) {
        return;
    }
    f.what = apr_psprintf(d->pool, "%s: mode %04o", name,
                          (unsigned)(st.st_mode & 07777));
    if ((st.st_mode & 07777 & ~(mode_t)mode) != 0) {
        f.level = SPBE_LEVEL_BAD;
        f.why = why;
        f.cure = apr_psprintf(d->pool, "sudo chmod %o %s", (unsigned)mode,
                              f.file);
    }
    spbe_doctor_add(d, f);
}

static void check_first_key(spbe_doctor_t *d)
{
    spbe_advice_t f = { .id = "first-key",
                        .file = in_home(d, SPBE_FIRSTKEY_FILE) };
    unsigned char key[SPBE_SIGNER_SIZE];
    char text[SPBE_FIRSTKEY_TEXT];

    if (spbe_firstkey_read(f.file, key) == APR_SUCCESS) {
        spbe_firstkey_print(key, text);
        f.what = apr_psprintf(d->pool, "kunci publik pertama %s", text);
        f.why = "hanya dengan kunci ini di kertas, di luar server, keutuhan "
                "log dapat dibuktikan: cocokkan dengan yang Anda simpan";
        f.cure = apr_psprintf(d->pool, "spbe-guardctl verify --first-key %s",
                              text);
    }
    else {
        f.level = SPBE_LEVEL_WARN;
        f.what = "kunci publik pertama belum ada";
        f.why = "tanpanya keutuhan log tidak dapat dibuktikan";
        f.cure = INIT;
    }
    spbe_doctor_add(d, f);
}

static void check_retention(spbe_doctor_t *d)
{
    spbe_advice_t f = { .id = "retention" };
    spbe_retention_t retention;

    spbe_retention_read(d->home, &retention, d->pool);
    if (retention.is_set) {
        f.what = apr_psprintf(d->pool, "masa simpan: %s (ditetapkan oleh %s)",
                              retention.text, retention.by);
    }
    else {
        f.level = SPBE_LEVEL_WARN;
        f.what = "masa simpan log belum ditetapkan";
        f.why = "tidak ada yang dihapus dengan sendirinya";
        f.cure = INIT " --retention 5y    # atau none";
    }
    spbe_doctor_add(d, f);
}

void spbe_doctor_check_secret(spbe_doctor_t *d)
{
    struct stat st;

    check_recipients(d);
    if (stat(d->home, &st) == -1) {
        spbe_doctor_add(d, (spbe_advice_t){
            .id = "home", .level = SPBE_LEVEL_BAD, .file = d->home,
            .what = "folder log rahasia belum ada",
            .why = "tidak ada yang dicatat", .cure = INIT });
        return;
    }
    check_mode(d, "sign.key", 0600, "siapa yang membacanya dapat memalsukan "
                                    "catatan menit ini");
    check_mode(d, "archive", 0700, "hanya logger yang perlu membukanya");
    check_mode(d, "drop", 0700, "siapa yang menulis ke situ memerintah logger");
    check_first_key(d);
    check_retention(d);
}
