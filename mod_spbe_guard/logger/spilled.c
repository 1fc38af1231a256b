/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/spilled.c - what is in the spill folder. See spilled.h.
 */
#include "logger/spilled.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <apr_strings.h>
#include "record/spill.h"

#define PIECE ((size_t)256 << 10)
#define NAMES 4096
#define BAD 256
#define STALE 300 /* seconds */

typedef struct place {
    dev_t device;
    ino_t inode;
} place_t;

struct spbe_spilled {
    const char *path;
    int dir;                   /* -1: none */
    apr_array_header_t *names; /* const char *: to be taken, in pool */
    apr_pool_t *pool;
    int next; /* of names */
    /* the file in hand */
    int fd;         /* -1: none */
    off_t at, size; /* size: when it was picked up */
    /* what cannot be taken away, or is no file: not again */
    place_t bad[BAD];
    int n_bad;
    int taken;                /* a file has gone */
    char stuck[NAME_MAX + 1]; /* could not be taken away: nothing is taken
                                 until it can; "" all is well */
    apr_uint64_t bytes, empty, rounds;
    char piece[PIECE];
};

static apr_status_t close_spilled(void *data)
{
    spbe_spilled_t *spilled = data;

    if (spilled->fd != -1) {
        close(spilled->fd);
    }
    close(spilled->dir);
    return APR_SUCCESS;
}

spbe_spilled_t *spbe_spilled_create(const char *dir, apr_pool_t *pool)
{
    spbe_spilled_t *spilled = apr_pcalloc(pool, sizeof(*spilled));

    spilled->path = dir;
    spilled->fd = spilled->dir = -1;
    apr_pool_create(&spilled->pool, pool);
    spilled->names = apr_array_make(spilled->pool, 1, sizeof(const char *));
    apr_pool_cleanup_register(pool, spilled, close_spilled,
                              apr_pool_cleanup_null);
    return spilled;
}

static int has_ending(const char *name)
{
    spbe_span_t text = spbe_span_from(name);

    return name[0] != '.' &&
           (spbe_span_ends(text, SPBE_SPAN(SPBE_SPILL_SUFFIX)) ||
            spbe_span_ends(text, SPBE_SPAN(".spill")));
}

static int is_bad(const spbe_spilled_t *spilled, const struct stat *st)
{
    int i;

    for (i = 0; i < spilled->n_bad; i++) {
        if (spilled->bad[i].device == st->st_dev &&
            spilled->bad[i].inode == st->st_ino) {
            return 1;
        }
    }
    return 0;
}

static void set_bad(spbe_spilled_t *spilled, const struct stat *st)
{
    if (spilled->n_bad < BAD) {
        spilled->bad[spilled->n_bad++] = (place_t){st->st_dev, st->st_ino};
    }
}

/* A writer was killed before its file had its name: nothing is in it. */
static void remove_stale(const spbe_spilled_t *spilled, const char *name)
{
    struct stat st;
    int fd = openat(spilled->dir, name,
                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd == -1) {
        return;
    }
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0 &&
        apr_time_sec(apr_time_now()) - st.st_mtime > STALE &&
        flock(fd, LOCK_EX | LOCK_NB) == 0) {
        unlinkat(spilled->dir, name, 0);
    }
    close(fd);
}

/* What is no file is nobody's lines. */
static void look_at(spbe_spilled_t *spilled, const char *name)
{
    struct stat st;

    if (name[0] == '.' &&
        spbe_span_ends(spbe_span_from(name), SPBE_SPAN(SPBE_SPILL_SUFFIX))) {
        remove_stale(spilled, name);
    }
    if (!has_ending(name) || spilled->names->nelts == NAMES ||
        fstatat(spilled->dir, name, &st, AT_SYMLINK_NOFOLLOW) == -1 ||
        !S_ISREG(st.st_mode)) {
        return;
    }
    spilled->bytes += (apr_uint64_t)st.st_size;
    if (!is_bad(spilled, &st)) {
        APR_ARRAY_PUSH(spilled->names, const char *) =
            apr_pstrdup(spilled->pool, name);
    }
}

/* The folder may be made, or made anew, while the logger runs. */
static DIR *open_list(spbe_spilled_t *spilled)
{
    int fd;

    if (spilled->dir != -1) {
        close(spilled->dir);
    }
    spilled->dir = open(spilled->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    fd = spilled->dir == -1
             ? -1
             : openat(spilled->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd == -1 ? NULL : fdopendir(fd);
}

/* What is in the archive, and cannot be taken away, would be in it again at
 * each start: one such file is enough. */
static int is_stuck(spbe_spilled_t *spilled)
{
    if (spilled->stuck[0] != '\0' &&
        (unlinkat(spilled->dir, spilled->stuck, 0) == 0 || errno == ENOENT)) {
        spilled->stuck[0] = '\0';
    }
    return spilled->stuck[0] != '\0';
}

void spbe_spilled_look(spbe_spilled_t *spilled)
{
    struct dirent *entry;
    DIR *list;

    if (spilled->fd != -1) {
        return; /* a long one is in hand */
    }
    spilled->rounds += spilled->next >= spilled->names->nelts;
    apr_pool_clear(spilled->pool);
    spilled->names = apr_array_make(spilled->pool, 16, sizeof(const char *));
    spilled->next = 0;
    spilled->bytes = 0;
    list = spilled->path == NULL ? NULL : open_list(spilled);
    if (list != NULL) {
        while ((entry = readdir(list)) != NULL) {
            look_at(spilled, entry->d_name);
        }
        closedir(list);
    }
    if (list != NULL && is_stuck(spilled)) {
        spilled->next = spilled->names->nelts;
        return;
    }
    spilled->empty += spilled->names->nelts == 0;
}

static const char *name_in_hand(const spbe_spilled_t *spilled)
{
    return APR_ARRAY_IDX(spilled->names, spilled->next, const char *);
}

static void put_down(spbe_spilled_t *spilled)
{
    if (spilled->fd != -1) {
        close(spilled->fd);
        spilled->fd = -1;
    }
    spilled->next++;
}

/* 0: its writer has it, or it is none that can be read. */
static int pick_up(spbe_spilled_t *spilled)
{
    struct stat st;

    spilled->at = 0;
    spilled->fd = openat(spilled->dir, name_in_hand(spilled),
                         O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (spilled->fd == -1) {
        if (errno == EACCES && fstatat(spilled->dir, name_in_hand(spilled), &st,
                                       AT_SYMLINK_NOFOLLOW) == 0) {
            set_bad(spilled, &st);
        }
        return 0;
    }
    if (fstat(spilled->fd, &st) == -1 || !S_ISREG(st.st_mode) ||
        st.st_nlink == 0 || flock(spilled->fd, LOCK_EX | LOCK_NB) == -1 ||
        fstat(spilled->fd, &st) == -1) {
        return 0;
    }
    if (st.st_size > SPBE_SPILLED_MOST) {
        set_bad(spilled, &st);
        return 0;
    }
    spilled->size = st.st_size;
    return 1;
}

/* All of it is in the archive. One that stays would be taken again each
 * second, for ever. */
static void finish(spbe_spilled_t *spilled)
{
    struct stat here, there;

    if (fstat(spilled->fd, &here) == -1 ||
        fstatat(spilled->dir, name_in_hand(spilled), &there,
                AT_SYMLINK_NOFOLLOW) == -1 ||
        here.st_ino != there.st_ino || here.st_dev != there.st_dev) {
        return;
    }
    if (unlinkat(spilled->dir, name_in_hand(spilled), 0) == -1) {
        set_bad(spilled, &here);
        apr_cpystrn(spilled->stuck, name_in_hand(spilled),
                    sizeof(spilled->stuck));
        spilled->next = spilled->names->nelts;
        return;
    }
    spilled->taken = 1;
}

/* 1: go on with this file. */
static int take_piece(spbe_spilled_t *spilled, spbe_intake_t *intake,
                      spbe_shelf_t *shelf)
{
    /* Its writer would hold the lock: who makes it longer now is none. */
    size_t left = (size_t)(spilled->size - spilled->at);
    ssize_t n = pread(spilled->fd, spilled->piece, left < PIECE ? left : PIECE,
                      spilled->at);
    size_t taken;

    if (n == -1) {
        return errno == EINTR;
    }
    if (n == 0) {
        finish(spilled);
        return 0;
    }
    taken = spbe_intake_take(intake, SPBE_INTAKE_SPILL,
                             (spbe_span_t){spilled->piece, (size_t)n},
                             (size_t)n == left);
    if (!spbe_shelf_commit(shelf, intake)) {
        return 0;
    }
    spilled->at += (off_t)taken;
    return 1;
}

int spbe_spilled_take(spbe_spilled_t *spilled, spbe_intake_t *intake,
                      spbe_shelf_t *shelf)
{
    if (spilled->next >= spilled->names->nelts) {
        return 0;
    }
    if ((spilled->fd == -1 && !pick_up(spilled)) ||
        !take_piece(spilled, intake, shelf)) {
        put_down(spilled);
    }
    return spilled->next < spilled->names->nelts;
}

int spbe_spilled_left(const spbe_spilled_t *spilled)
{
    return spilled->names->nelts;
}

int spbe_spilled_taken(spbe_spilled_t *spilled)
{
    int taken = spilled->taken;

    spilled->taken = 0;
    return taken;
}

apr_uint64_t spbe_spilled_bytes(const spbe_spilled_t *spilled)
{
    return spilled->bytes;
}

apr_uint64_t spbe_spilled_rounds(const spbe_spilled_t *spilled)
{
    return spilled->rounds;
}

apr_uint64_t spbe_spilled_empty(const spbe_spilled_t *spilled)
{
    return spilled->empty;
}

static apr_status_t write_all(int fd, spbe_span_t bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);

        if (n == -1 && errno != EINTR) {
            return errno;
        }
        bytes = spbe_span_slice(bytes, n == -1 ? 0 : (size_t)n, bytes.len);
    }
    return fsync(fd) == -1 ? errno : APR_SUCCESS;
}

apr_status_t spbe_spilled_save(spbe_spilled_t *spilled, spbe_span_t bytes)
{
    char name[96];
    apr_status_t rv;
    int fd;

    if (spilled->dir == -1) {
        return APR_ENOENT;
    }
    /* Not ready yet, until it has its other name. */
    apr_snprintf(name, sizeof(name), ".logger-%d.%" APR_TIME_T_FMT "%s",
                 (int)getpid(), apr_time_now(), SPBE_SPILL_SUFFIX);
    fd = openat(spilled->dir, name,
                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
    if (fd == -1) {
        return errno;
    }
    rv = write_all(fd, bytes);
    close(fd);
    if (rv == APR_SUCCESS &&
        renameat(spilled->dir, name, spilled->dir, name + 1) == -1) {
        rv = errno;
    }
    if (rv != APR_SUCCESS) {
        unlinkat(spilled->dir, name, 0);
    }
    return rv;
}

const char *spbe_spilled_trouble(const spbe_spilled_t *spilled)
{
    return spilled->n_bad == 0
               ? NULL
               : "the spill folder has files that are too long, or cannot be "
                 "read or taken away";
}
