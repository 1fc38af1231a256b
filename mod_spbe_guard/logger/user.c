/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/user.c - whom the logger is. See user.h.
 */
#include "logger/user.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>
#include <sys/stat.h>
#include <apr_file_io.h>
#include <apr_strings.h>

#define HOME_MODE 02750
#define DEPTH 4

typedef struct owner {
    uid_t uid;
    gid_t gid;
    gid_t spill; /* group of the spill folder, or gid */
} owner_t;

/* Of a folder that is root's only: nobody else has put a link there. */
static int give_tree(int dir, const owner_t *owner, int depth)
{
    DIR *list = fdopendir(dir);
    struct dirent *entry;
    int done = list != NULL;

    while (done && (entry = readdir(list)) != NULL) {
        int sub;

        if (strcmp(entry->d_name, ".") == 0 ||
            strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        done = fchownat(dirfd(list), entry->d_name, owner->uid, (gid_t)-1,
                        AT_SYMLINK_NOFOLLOW) == 0;
        sub = depth == 0
                  ? -1
                  : openat(dirfd(list), entry->d_name,
                           O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (done && sub != -1) {
            done = give_tree(sub, owner, depth - 1);
        }
    }
    if (list != NULL) {
        closedir(list);
    }
    else {
        close(dir);
    }
    return done;
}

/* What an earlier start as root left belongs to root; what is the user's may
 * have links in it that root must not follow. */
static int give_home(int home, const owner_t *owner)
{
    struct stat st;
    int list;

    if (fstat(home, &st) == -1) {
        return 0;
    }
    if (st.st_uid == owner->uid) {
        return 1;
    }
    if (st.st_uid != 0 || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        errno = EPERM;
        return 0;
    }
    list = openat(home, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return list != -1 && give_tree(list, owner, DEPTH) &&
           fchown(home, owner->uid, (gid_t)-1) == 0;
}

/* 1: made now; 0: was there; -1: cannot be. */
static int make_dir(const char *path, apr_pool_t *pool)
{
    if (mkdir(path, 0750) == 0) {
        return 1;
    }
    if (errno == EEXIST) {
        return 0;
    }
    return errno == ENOENT && apr_dir_make_recursive(path, APR_FPROT_OS_DEFAULT,
                                                     pool) == APR_SUCCESS
               ? 1
               : -1;
}

static int make_home(const char *path, const owner_t *owner, apr_pool_t *pool)
{
    int made = make_dir(path, pool), home, done;

    home = made == -1 ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (home == -1) {
        return 0;
    }
    done = made ? fchown(home, owner->uid, owner->spill) == 0 &&
                      fchmod(home, HOME_MODE) == 0
                : give_home(home, owner);
    close(home);
    return done;
}

static void find_spill_group(owner_t *owner, const char *spill)
{
    struct stat st;

    owner->spill = spill != NULL && stat(spill, &st) == 0 && S_ISDIR(st.st_mode)
                       ? st.st_gid
                       : owner->gid;
}

/* From here on there is no way back: looked at, not believed. */
static int drop(const owner_t *owner)
{
    uid_t real, effective, saved;
    gid_t group;

    if (setgroups(owner->spill != owner->gid, &owner->spill) == -1 ||
        setresgid(owner->gid, owner->gid, owner->gid) == -1 ||
        setresuid(owner->uid, owner->uid, owner->uid) == -1) {
        return 0;
    }
    group = getegid();
    if (setuid(0) != -1 || seteuid(0) != -1 || setgid(0) != -1 ||
        getresuid(&real, &effective, &saved) == -1) {
        errno = EPERM;
        return 0;
    }
    return real == owner->uid && effective == owner->uid &&
           saved == owner->uid && group == owner->gid;
}

static const char *explain(const char *what, const char *name, apr_pool_t *pool)
{
    return apr_psprintf(pool, "%s %s: %s", what, name, strerror(errno));
}

const char *spbe_user_become(const spbe_options_t *options, const char **remark,
                             apr_pool_t *pool)
{
    const char *name =
        options->user != NULL ? options->user : SPBE_USER_DEFAULT;
    const struct passwd *entry;
    owner_t owner;

    *remark = NULL;
    if (geteuid() != 0) {
        return NULL;
    }
    entry = getpwnam(name);
    if (entry == NULL && options->user != NULL) {
        return apr_psprintf(pool, "there is no user %s", name);
    }
    if (entry == NULL || entry->pw_uid == 0) {
        *remark = "runs as root; make a user " SPBE_USER_DEFAULT
                  ", or name one with --user";
        return NULL;
    }
    owner = (owner_t){.uid = entry->pw_uid, .gid = entry->pw_gid};
    find_spill_group(&owner, options->spill);
    if (owner.gid == 0 || owner.spill == 0) {
        *remark = "has the group root; give the user, or the spill folder, "
                  "another one";
    }
    if (!make_home(options->home, &owner, pool)) {
        return explain("cannot make, or give away,", options->home, pool);
    }
    return drop(&owner) ? NULL : explain("cannot become", name, pool);
}
