/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/doctor_bodies.c - bodies that are read whole before the application gets
 * them: how long they may be, how slow, and where they are kept meanwhile.
 */
#include "ctl/doctor_place.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <linux/magic.h>
#include <apr_lib.h>
#include <apr_strings.h>

#define SPOOL_LIMIT (APR_INT64_C(1) << 30) /* when nothing is said */
#define GROUPS 64

/* --- how long and how slow ----------------------------------------------- */

static void check_length(spbe_doctor_t *d, const spbe_doctor_place_t *place)
{
    const spbe_httpdconf_line_t *line =
        spbe_doctor_last(d, place, "LimitRequestBody");
    spbe_advice_t f = {
        .id = "upload-unlimited",
        .level = SPBE_LEVEL_WARN,
        .what = "LimitRequestBody 0: unggahan tanpa batas",
        .why = "unggahan dibaca utuh ke folder sementara sebelum sampai ke "
               "aplikasi; satu saja dapat menghabiskan SpbeGuardSpoolLimit",
        .cure = "LimitRequestBody 33554432    # 32 MiB, sebesar yang perlu"};
    const char *value = spbe_httpdconf_arg(line, 0);

    if (*value != '\0' && strspn(value, "0") == strlen(value) &&
        spbe_doctor_input_is(d, place, "On")) {
        spbe_doctor_tell(d, line, NULL, f);
    }
}

/* "body=0" takes the limit away. */
static int is_endless(const spbe_httpdconf_line_t *line)
{
    int i;

    for (i = 0; line != NULL && i < line->args->nelts; i++) {
        const char *word = spbe_httpdconf_arg(line, i);

        if (strncasecmp(word, "body=", 5) == 0 && word[5] == '0' &&
            !apr_isdigit(word[6])) {
            return 1;
        }
    }
    return 0;
}

static void check_slowness(spbe_doctor_t *d, const spbe_site_t *site)
{
    const spbe_httpdconf_line_t *line =
        spbe_httpdconf_last(d->conf, site->section, "RequestReadTimeout");
    spbe_advice_t f = {
        .id = "slow-bodies",
        .level = SPBE_LEVEL_WARN,
        .what = "mod_reqtimeout tidak dimuat",
        .why = "isi permintaan dibaca utuh sebelum diperiksa: pengirim yang "
               "sengaja lambat menahan satu pekerja httpd selama ia mau",
        .cure = "RequestReadTimeout header=20-40,MinRate=500 "
                "body=20,MinRate=500    # sesudah a2enmod reqtimeout"};

    if (!spbe_httpdconf_module(d->conf, "reqtimeout_module")) {
        f.file = d->conf_file;
        spbe_doctor_tell(d, NULL, NULL, f);
        return;
    }
    line = line == NULL ? spbe_httpdconf_last(d->conf, -1, "RequestReadTimeout")
                        : line;
    if (is_endless(line)) {
        f.what = "RequestReadTimeout body=0: isi permintaan boleh datang "
                 "selambat apa pun";
        f.cure = "RequestReadTimeout body=20,MinRate=500";
        spbe_doctor_tell(d, line, NULL, f);
    }
}

/* --- where they are kept ------------------------------------------------- */

typedef struct user {
    const char *name;
    uid_t uid;
    gid_t groups[GROUPS];
    int count;
} user_t;

/* The user whom httpd's children run as; 0: not known here. */
static int find_user(const spbe_doctor_t *d, user_t *user)
{
    const char *group;
    const struct passwd *entry;
    const struct group *named;

    user->name =
        spbe_httpdconf_arg(spbe_httpdconf_last(d->conf, -1, "User"), 0);
    entry = *user->name == '#'
                ? getpwuid((uid_t)strtoul(user->name + 1, NULL, 10))
                : getpwnam(user->name);
    if (entry == NULL) {
        return 0;
    }
    user->uid = entry->pw_uid;
    user->count = GROUPS;
    if (getgrouplist(entry->pw_name, entry->pw_gid, user->groups,
                     &user->count) < 0) {
        return 0;
    }
    group = spbe_httpdconf_arg(spbe_httpdconf_last(d->conf, -1, "Group"), 0);
    named = *group == '#' || *group == '\0' ? NULL : getgrnam(group);
    if (named != NULL && user->count < GROUPS) {
        user->groups[user->count++] = named->gr_gid;
    }
    return 1;
}

/* bits: of rwx, as for others. */
static int may(const user_t *user, const struct stat *folder, mode_t bits)
{
    int i;

    if (user->uid == 0) {
        return 1;
    }
    if (user->uid == folder->st_uid) {
        return (folder->st_mode >> 6 & bits) == bits;
    }
    for (i = 0; i < user->count; i++) {
        if (user->groups[i] == folder->st_gid) {
            return (folder->st_mode >> 3 & bits) == bits;
        }
    }
    return (folder->st_mode & bits) == bits;
}

/* Write there, and pass every folder on the way. */
static int can_write(const user_t *user, const char *path, apr_pool_t *pool)
{
    const char *slash = path;
    struct stat info;

    while ((slash = strchr(slash + 1, '/')) != NULL) {
        if (stat(apr_pstrmemdup(pool, path, (size_t)(slash - path)), &info) ==
                0 &&
            !may(user, &info, 1)) {
            return 0;
        }
    }
    return stat(path, &info) != 0 || may(user, &info, 3);
}

static apr_int64_t size_of(const char *word)
{
    char *end;
    apr_int64_t n = apr_strtoi64(word, &end, 10);

    switch (*end) {
    case 'G':
    case 'g':
        return n << 30;
    case 'M':
    case 'm':
        return n << 20;
    case 'K':
    case 'k':
        return n << 10;
    default:
        return n;
    }
}

static void check_room(spbe_doctor_t *d, const spbe_httpdconf_line_t *line,
                       const char *path)
{
    const spbe_httpdconf_line_t *said =
        spbe_httpdconf_last(d->conf, -1, "SpbeGuardSpoolLimit");
    apr_int64_t limit =
        said == NULL ? SPOOL_LIMIT : size_of(spbe_httpdconf_arg(said, 0));
    spbe_advice_t f = {.id = "spool-room", .level = SPBE_LEVEL_WARN};
    struct statfs fs;
    apr_int64_t room;
    int memory;

    if (statfs(path, &fs) != 0) {
        return;
    }
    room = (apr_int64_t)fs.f_bavail * (apr_int64_t)fs.f_bsize;
    memory = fs.f_type == TMPFS_MAGIC || fs.f_type == RAMFS_MAGIC;
    if (room >= limit) {
        return;
    }
    f.what = apr_psprintf(
        d->pool,
        "SpbeGuardSpoolDir %s: sisa %" APR_INT64_T_FMT
        " MiB%s, kurang dari SpbeGuardSpoolLimit (%" APR_INT64_T_FMT " MiB)",
        path, room >> 20, memory ? " memori (tmpfs)" : "", limit >> 20);
    f.why = "bila penuh, unggahan tidak dapat diperiksa: ditolak dengan 503, "
            "atau diteruskan bila SpbeGuardFailMode open";
    f.cure = apr_psprintf(d->pool,
                          "SpbeGuardSpoolLimit %" APR_INT64_T_FMT
                          "M    # atau folder lain",
                          room >> 21 > 0 ? room >> 21 : 1);
    spbe_doctor_tell(d, line, NULL, f);
}

static void check_folder(spbe_doctor_t *d, const spbe_httpdconf_line_t *line)
{
    const char *path =
        spbe_httpdconf_path(d->conf, spbe_httpdconf_arg(line, 0), d->pool);
    spbe_advice_t f = {.id = "spool-missing", .level = SPBE_LEVEL_BAD};
    struct stat info;
    user_t user;

    if (stat(path, &info) != 0 ? errno == ENOENT || errno == ENOTDIR
                               : !S_ISDIR(info.st_mode)) {
        f.what = apr_psprintf(d->pool,
                              "SpbeGuardSpoolDir %s bukan folder yang "
                              "ada",
                              path);
        f.why = "httpd berhenti pada baris ini: tidak dapat dimulai atau "
                "dimuat ulang";
        f.cure = apr_psprintf(d->pool, "sudo install -d -m 700 -o www-data %s",
                              path);
        spbe_doctor_tell(d, line, NULL, f);
        return;
    }
    if (!spbe_doctor_any_input(d, "On") || !find_user(d, &user)) {
        return;
    }
    if (!can_write(&user, path, d->pool)) {
        f.id = "spool-unwritable";
        f.what = apr_psprintf(d->pool,
                              "SpbeGuardSpoolDir %s tidak dapat "
                              "ditulisi oleh %s",
                              path, user.name);
        f.why = "permintaan di atas 64 KiB tidak dapat diperiksa: ditolak "
                "dengan 503, atau diteruskan bila SpbeGuardFailMode open";
        f.cure = apr_psprintf(d->pool, "sudo chown %s %s && sudo chmod 700 %s",
                              user.name, path, path);
        spbe_doctor_tell(d, line, NULL, f);
        return;
    }
    check_room(d, line, path);
}

void spbe_doctor_check_bodies(spbe_doctor_t *d)
{
    const spbe_httpdconf_line_t *line =
        spbe_httpdconf_last(d->conf, -1, "SpbeGuardSpoolDir");
    int i;

    if (line != NULL) {
        check_folder(d, line);
    }
    for (i = 0; i < d->places->nelts; i++) {
        const spbe_doctor_place_t *place = SPBE_DOCTOR_PLACE(d, i);

        check_length(d, place);
        if (spbe_doctor_input_is(d, place, "On")) {
            check_slowness(d, place->site);
        }
    }
}
