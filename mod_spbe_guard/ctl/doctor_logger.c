/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor_logger.c - the logger: is it alive, whose is it, what does it
 * complain of, what waits for it, which role has it in the database.
 */
#include "ctl/doctor.h"

#include <dirent.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <apr_strings.h>
#include <cjson/cJSON.h>
#include "ctl/keyfile.h"
#include "record/ledger.h"
#include "text/stamp.h"
#include "text/visible.h"

#define USER "spbe-guard"
#define SPILL "/var/spool/spbe-guard"
#define RUN "/run/spbe-guard"
#define SILENT apr_time_from_sec(60)
#define OLD apr_time_from_sec(600)
#define RESTART "sudo systemctl restart apache2"

/* ---- state.json ------------------------------------------------------------ */

static const char *text_of(const cJSON *json, const char *name)
{
    const char *text =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));

    return text == NULL ? "" : text;
}

static double number_of(const cJSON *json, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, name);

    return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

static void check_beat(spbe_doctor_t *d, const cJSON *json, const char *file)
{
    spbe_advice_t f = { .id = "logger", .file = file };
    apr_time_t beat = 0, age;

    spbe_stamp_parse(spbe_span_from(text_of(json, "time")), &beat);
    age = apr_time_now() - beat;
    if (cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(json, "running"))) {
        f.level = SPBE_LEVEL_WARN;
        f.what = "logger telah berhenti bersama httpd";
        f.why = "selama httpd berhenti ini wajar";
        f.cure = "sudo systemctl start apache2";
    }
    else if (beat == 0 || age > SILENT) {
        f.level = SPBE_LEVEL_BAD;
        f.what = apr_psprintf(d->pool, "logger terakhir memberi kabar %"
                              APR_TIME_T_FMT " detik yang lalu",
                              apr_time_sec(age));
        f.why = "catatan menunggu di pipa dan folder titipan";
        f.cure = RESTART;
    }
    else {
        f.what = apr_psprintf(d->pool, "logger hidup (kabar terakhir %"
                              APR_TIME_T_FMT " detik yang lalu)",
                              apr_time_sec(age));
    }
    spbe_doctor_add(d, f);
}

static void check_troubles(spbe_doctor_t *d, const cJSON *json,
                           const char *file)
{
    const cJSON *trouble;
    double lost = number_of(json, "lost");

    cJSON_ArrayForEach(trouble,
                       cJSON_GetObjectItemCaseSensitive(json, "troubles"))
    {
        spbe_doctor_add(d, (spbe_advice_t){
            .id = "logger-trouble", .level = SPBE_LEVEL_BAD, .file = file,
            .what = apr_psprintf(d->pool, "logger: %s: %s",
                                 spbe_visible(text_of(trouble, "what"),
                                              d->pool),
                                 spbe_visible(text_of(trouble, "detail"),
                                              d->pool)),
            .why = apr_psprintf(d->pool, "sejak %s",
                                spbe_visible(text_of(trouble, "since"),
                                             d->pool)),
            .cure = "sudo spbe-guardctl stats    # lalu perbaiki sebabnya" });
    }
    if (lost > 0) {
        spbe_doctor_add(d, (spbe_advice_t){
            .id = "logger-lost", .level = SPBE_LEVEL_WARN, .file = file,
            .what = apr_psprintf(d->pool, "%.0f catatan hilang sejak logger "
                                 "dijalankan", lost),
            .why = "nomornya tertulis di arsip",
            .cure = "sudo spbe-guardctl verify" });
    }
}

/* Without a head elsewhere nobody sees that the tail of the archive is gone. */
static void check_head(spbe_doctor_t *d, const cJSON *json, const char *file)
{
    spbe_advice_t f = { .id = "head", .file = file };
    const char *sent = text_of(json, "head_sent");

    if (text_of(json, "head")[0] == '\0') {
        return; /* nothing is in the archive yet */
    }
    if (sent[0] == '\0') {
        f.level = SPBE_LEVEL_WARN;
        f.what = "kepala arsip belum pernah dikirim ke syslog";
        f.why = "arsip yang dipotong ekornya tidak akan ketahuan";
        f.cure = "sudo apt-get install rsyslog    # lalu teruskan baris "
                 "\"spbe-guard head\" ke mesin lain";
    }
    else {
        f.what = apr_psprintf(d->pool, "kepala arsip terakhir dikirim %s: "
                              "pastikan rsyslog meneruskannya ke mesin lain",
                              spbe_visible(sent, d->pool));
    }
    spbe_doctor_add(d, f);
}

/* Of the disk, as the logger sees it. */
static void check_stage(spbe_doctor_t *d, const cJSON *json, const char *file)
{
    static const char *const stages[] = {
        NULL, "disk menipis", "disk menipis: hanya bagian ringkas yang disimpan",
        "disk hampir habis: hanya hitungan yang disimpan"
    };
    double stage = number_of(json, "stage");
    int n = stage < 0 ? 0 : stage > 3 ? 3 : (int)stage;

    if (n > 0) {
        spbe_doctor_add(d, (spbe_advice_t){
            .id = "disk-stage",
            .level = n == 1 ? SPBE_LEVEL_WARN : SPBE_LEVEL_BAD, .file = file,
            .what = stages[n],
            .why = "server yang dijaga tidak boleh berhenti karena lognya",
            .cure = "sudo spbe-guardctl purge --older-than 2y    # percobaan "
                    "dulu; atau perbesar disk" });
    }
}

static void check_state(spbe_doctor_t *d)
{
    const char *file = apr_pstrcat(d->pool, d->home, "/state.json", NULL);
    spbe_span_t text;
    cJSON *json;

    if (spbe_keyfile_slurp(file, &text, d->pool) != APR_SUCCESS) {
        spbe_doctor_add(d, (spbe_advice_t){
            .id = "logger", .level = SPBE_LEVEL_WARN, .file = file,
            .what = "belum ada kabar dari logger",
            .why = "ia dijalankan oleh httpd dan menulis kabar tiap beberapa "
                   "detik; atau berkas ini tidak dapat Anda baca",
            .cure = "sudo spbe-guardctl doctor    # dan: " RESTART });
        return;
    }
    json = cJSON_ParseWithLength(text.ptr, text.len);
    check_beat(d, json, file);
    check_troubles(d, json, file);
    check_stage(d, json, file);
    check_head(d, json, file);
    cJSON_Delete(json);
}

/* ---- whose it is ------------------------------------------------------------ */

static void check_user(spbe_doctor_t *d)
{
    spbe_advice_t f = { .id = "logger-user" };
    const struct passwd *user = getpwnam(USER);
    struct stat st;

    if (user == NULL) {
        f.level = SPBE_LEVEL_WARN;
        f.what = "pengguna sistem " USER " tidak ada";
        f.why = "logger yang dijalankan oleh root tetap berjalan sebagai root";
        f.cure = "sudo adduser --system --group --no-create-home --home "
                 "/var/lib/spbe-guard " USER " && " RESTART;
    }
    else if (stat(d->home, &st) == 0 && st.st_uid == 0) {
        f.level = SPBE_LEVEL_WARN;
        f.file = d->home;
        f.what = "folder log rahasia milik root";
        f.why = "logger berjalan sebagai pemilik folder ini";
        f.cure = "sudo spbe-guardctl init && " RESTART;
    }
    else {
        f.what = "logger berjalan sebagai pengguna " USER;
    }
    spbe_doctor_add(d, f);
}

/* ---- folders ---------------------------------------------------------------- */

static const char *dir_of(const spbe_doctor_t *d, const char *directive,
                          const char *unset)
{
    const spbe_httpdconf_line_t *line =
        spbe_httpdconf_last(d->conf, -1, directive);

    return line == NULL ? unset
                        : spbe_httpdconf_path(d->conf,
                                              spbe_httpdconf_arg(line, 0),
                                              d->pool);
}

typedef struct waiting {
    unsigned long files, old;
    apr_uint64_t bytes;
} waiting_t;

static int count_files(const char *dir, waiting_t *waiting, apr_pool_t *pool)
{
    apr_time_t now = apr_time_now();
    DIR *folder = opendir(dir);
    const struct dirent *entry;
    struct stat st;

    *waiting = (waiting_t){ 0, 0, 0 };
    if (folder == NULL) {
        return 0;
    }
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.'
            && lstat(apr_pstrcat(pool, dir, "/", entry->d_name, NULL), &st) == 0
            && S_ISREG(st.st_mode)) {
            waiting->files++;
            waiting->bytes += (apr_uint64_t)st.st_size;
            waiting->old += now - apr_time_from_sec(st.st_mtime) > OLD;
        }
    }
    closedir(folder);
    return 1;
}

static void check_spill(spbe_doctor_t *d)
{
    spbe_advice_t f = { .id = "spill",
                        .file = dir_of(d, "SpbeGuardSpill", SPILL) };
    waiting_t waiting;
    struct stat st;

    if (stat(f.file, &st) == -1) {
        f.what = "folder titipan belum ada: httpd membuatnya saat dijalankan";
    }
    else if ((st.st_mode & 0007) != 0) {
        f.level = SPBE_LEVEL_BAD;
        f.what = apr_psprintf(d->pool, "folder titipan: mode %04o",
                              (unsigned)(st.st_mode & 07777));
        f.why = (st.st_mode & 0002) != 0
                    ? "siapa pun di server ini dapat menitipkan catatan palsu"
                    : "siapa pun di server ini dapat membaca titipan";
        f.cure = apr_psprintf(d->pool, "sudo chmod 770 %s", f.file);
    }
    else if (!count_files(f.file, &waiting, d->pool)) {
        f.level = SPBE_LEVEL_WARN;
        f.what = "folder titipan tidak dapat dibaca";
        f.why = "tidak diketahui apakah ada catatan yang menunggu di situ";
        f.cure = "sudo spbe-guardctl doctor";
    }
    else if (waiting.old > 0) {
        f.level = SPBE_LEVEL_WARN;
        f.what = apr_psprintf(d->pool, "%lu berkas (%" APR_UINT64_T_FMT " KiB) "
                              "menunggu di folder titipan lebih dari sepuluh "
                              "menit", waiting.old, waiting.bytes >> 10);
        f.why = "logger mengambilnya dalam beberapa detik bila ia hidup";
        f.cure = RESTART;
    }
    else {
        f.what = apr_psprintf(d->pool, "folder titipan: %lu berkas menunggu",
                              waiting.files);
    }
    spbe_doctor_add(d, f);
}

static void check_run(spbe_doctor_t *d)
{
    const char *dir = dir_of(d, "SpbeGuardRunDir", RUN);
    spbe_advice_t f = { .id = "run-dir", .file = dir };
    struct stat st;

    if (stat(dir, &st) == -1) {
        f.what = "folder run belum ada: httpd membuatnya saat dijalankan";
    }
    else if ((st.st_mode & 0022) != 0) {
        f.level = SPBE_LEVEL_BAD;
        f.what = apr_psprintf(d->pool, "folder run: mode %04o",
                              (unsigned)(st.st_mode & 07777));
        f.why = "hitungan nomor catatan dapat diganti orang lain";
        f.cure = apr_psprintf(d->pool, "sudo chmod 755 %s", dir);
    }
    else {
        f.what = stat(apr_pstrcat(d->pool, dir, "/" SPBE_LEDGER_FILE, NULL),
                      &st) == 0
                     ? "hitungan nomor catatan ada"
                     : "hitungan nomor catatan belum ada: httpd tidak berjalan";
    }
    spbe_doctor_add(d, f);
}

/* ---- database --------------------------------------------------------------- */

static void check_database(spbe_doctor_t *d)
{
    const spbe_httpdconf_line_t *line =
        spbe_httpdconf_last(d->conf, -1, "SpbeGuardLog");
    const char *at = line == NULL ? NULL : strstr(line->raw, "pgsql:");
    spbe_advice_t f = { .id = "database-role" };

    if (at == NULL) {
        return;
    }
    f.file = line->file;
    f.line = line->line;
    if (strstr(at, "password=") != NULL) {
        f.level = SPBE_LEVEL_BAD;
        f.what = "kata sandi basis data tertulis di baris SpbeGuardLog";
        f.why = "setiap pengguna server ini membacanya dengan ps";
        f.cure = "passfile=/etc/spbe-guard/pgpass    # sebagai ganti "
                 "password=...";
    }
    else if (strstr(at, "user=postgres") != NULL) {
        f.level = SPBE_LEVEL_BAD;
        f.what = "logger masuk ke PostgreSQL sebagai postgres";
        f.why = "ia hanya perlu menambah baris";
        f.cure = "user=spbe_guard_writer";
    }
    else {
        f.what = "PostgreSQL, tanpa kata sandi di baris perintah";
    }
    spbe_doctor_add(d, f);
}

void spbe_doctor_check_logger(spbe_doctor_t *d)
{
    struct stat st;

    check_user(d);
    if (stat(d->home, &st) == 0) {
        check_state(d);
    }
    check_spill(d);
    check_run(d);
    check_database(d);
}
