/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/home.c - the folders of the logger. See home.h.
 */
#include "ctl/home.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <apr_file_io.h>
#include <apr_strings.h>
#include "store/order.h"
#include "text/visible.h"

#define ACCOUNT "spbe-guard"
#define GROUP "www-data"
#define DEEP 3

const char *spbe_home_who(apr_pool_t *pool)
{
    const char *name = geteuid() == 0 ? getenv("SUDO_USER") : NULL;
    const struct passwd *account = getpwuid(getuid());

    if (name != NULL && name[0] != '\0') {
        return apr_pstrdup(pool, name);
    }
    return account == NULL ? apr_psprintf(pool, "%lu", (unsigned long)getuid())
                           : apr_pstrdup(pool, account->pw_name);
}

int spbe_home_find(const spbe_ctl_t *ctl, const char *user, spbe_home_t *place)
{
    const struct group *group = getgrnam(GROUP);
    const struct passwd *account;
    struct stat st;

    *place = (spbe_home_t){.user = user};
    if (geteuid() != 0) {
        return user == NULL
                   ? SPBE_CTL_FINE
                   : spbe_ctl_fail(SPBE_CTL_TROUBLE, "--user needs root");
    }
    if (user == NULL && stat(ctl->home, &st) == 0 && st.st_uid != 0) {
        place->own = 1;
        place->uid = st.st_uid;
        place->gid = st.st_gid;
        return SPBE_CTL_FINE;
    }
    account = getpwnam(user == NULL ? ACCOUNT : user);
    if (account == NULL && user == NULL) {
        fprintf(stderr,
                "spbe-guardctl: there is no account " ACCOUNT
                ": %s stays root's; the logger needs an account of its own "
                "(make it, or --user NAME)\n",
                spbe_visible(ctl->home, ctl->pool));
        return SPBE_CTL_FINE;
    }
    if (account == NULL) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "there is no account %s",
                             spbe_visible(user, ctl->pool));
    }
    place->own = 1;
    place->user = apr_pstrdup(ctl->pool, account->pw_name);
    place->uid = account->pw_uid;
    place->gid = group == NULL ? account->pw_gid : group->gr_gid;
    return SPBE_CTL_FINE;
}

static int make(const spbe_ctl_t *ctl, const char *path, mode_t mode)
{
    struct stat st;
    int error;

    if (stat(path, &st) == 0) {
        return S_ISDIR(st.st_mode)
                   ? SPBE_CTL_FINE
                   : spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s is not a folder",
                                   spbe_visible(path, ctl->pool));
    }
    if (mkdir(path, mode) == 0 && chmod(path, mode) == 0) {
        return SPBE_CTL_FINE;
    }
    error = errno;
    return spbe_ctl_fail(SPBE_CTL_TROUBLE, "cannot make %s: %s",
                         spbe_visible(path, ctl->pool), strerror(error));
}

int spbe_home_make(const spbe_ctl_t *ctl, const spbe_home_t *place)
{
    static const char *const folders[] = {"archive", "torn", SPBE_ORDER_DIR,
                                          SPBE_ORDER_REJECTED};
    const char *slash = strrchr(ctl->home, '/');
    size_t i;
    int code;

    if (slash != NULL && slash != ctl->home) {
        apr_dir_make_recursive(apr_pstrmemdup(ctl->pool, ctl->home,
                                              (apr_size_t)(slash - ctl->home)),
                               APR_FPROT_OS_DEFAULT, ctl->pool);
    }
    code = make(ctl, ctl->home, 02750);
    /* Before there is anything in it: what is made inherits the group. */
    if (code == SPBE_CTL_FINE && place->own &&
        chown(ctl->home, place->uid, place->gid) == 0) {
        chmod(ctl->home, 02750);
    }
    for (i = 0; code == SPBE_CTL_FINE && i < sizeof(folders) / sizeof(char *);
         i++) {
        code =
            make(ctl, apr_pstrcat(ctl->pool, ctl->home, "/", folders[i], NULL),
                 0700);
    }
    return code;
}

static void give(const char *path, const spbe_home_t *place, int deep,
                 apr_pool_t *pool)
{
    apr_pool_t *scratch;
    apr_finfo_t entry;
    apr_dir_t *dir;

    if (lchown(path, place->uid, place->gid) == -1 || deep == DEEP) {
        return;
    }
    apr_pool_create(&scratch, pool);
    if (apr_dir_open(&dir, path, scratch) == APR_SUCCESS) {
        while (apr_dir_read(&entry, APR_FINFO_NAME | APR_FINFO_TYPE, dir) ==
               APR_SUCCESS) {
            if (strcmp(entry.name, ".") != 0 && strcmp(entry.name, "..") != 0) {
                /* Only folders are gone into, and none behind a link. */
                give(apr_pstrcat(scratch, path, "/", entry.name, NULL), place,
                     entry.filetype == APR_DIR ? deep + 1 : DEEP, scratch);
            }
        }
        apr_dir_close(dir);
    }
    apr_pool_destroy(scratch);
}

void spbe_home_give(const spbe_ctl_t *ctl, const spbe_home_t *place)
{
    struct stat st;

    if (!place->own) {
        return;
    }
    give(ctl->home, place, 0, ctl->pool);
    if (stat(ctl->home, &st) == 0) {
        chmod(ctl->home, 02750);
    }
}
