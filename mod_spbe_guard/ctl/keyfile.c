/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/keyfile.c - changes the file of recipients. See keyfile.h.
 */
#include "ctl/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <apr_file_io.h>
#include <apr_strings.h>
#include "ctl/pem.h"
#include "text/buf.h"
#include "text/stamp.h"
#include "text/visible.h"

#define FILE_MAX (1 << 20)

static const char preface[] =
    "# Siapa yang dapat membaca rincian catatan: kunci publik X25519.\n"
    "# (Who can read the details of records. Public keys alone stand here;\n"
    "# the private ones belong on another machine.)\n"
    "# Diubah dengan / changed with: spbe-guardctl keys add, keys retire\n";

apr_status_t spbe_keyfile_slurp(const char *path, spbe_span_t *text,
                                apr_pool_t *pool)
{
    apr_size_t len = FILE_MAX + 1;
    apr_file_t *file;
    char *bytes;
    apr_status_t rv = apr_file_open(&file, path, APR_FOPEN_READ, 0, pool);

    *text = SPBE_SPAN_EMPTY;
    if (rv != APR_SUCCESS) {
        return rv;
    }
    bytes = apr_palloc(pool, len);
    rv = apr_file_read_full(file, bytes, len, &len);
    apr_file_close(file);
    *text = (spbe_span_t){bytes, len};
    return len > FILE_MAX          ? APR_EINVAL
           : APR_STATUS_IS_EOF(rv) ? APR_SUCCESS
                                   : rv;
}

static int write_all(int fd, spbe_span_t text)
{
    while (text.len > 0) {
        ssize_t n = write(fd, text.ptr, text.len);

        if (n <= 0) {
            return n == 0 ? ENOSPC : errno;
        }
        text = spbe_span_slice(text, (size_t)n, text.len);
    }
    return fsync(fd) == 0 ? 0 : errno;
}

apr_status_t spbe_keyfile_create(const char *path, spbe_span_t text, int mode,
                                 apr_pool_t *pool)
{
    int fd =
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    int error;

    if (fd == -1) {
        return errno;
    }
    error = fchmod(fd, (mode_t)mode) == 0 ? write_all(fd, text) : errno;
    close(fd);
    if (error != 0) {
        unlink(path);
    }
    return error;
}

static const char *folder_of(const char *path, apr_pool_t *pool)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL
               ? "."
               : apr_pstrmemdup(pool, path, (apr_size_t)(slash - path) + 1);
}

static int cannot(const spbe_ctl_t *ctl, const char *path, apr_status_t rv)
{
    char reason[128];

    return spbe_ctl_fail(SPBE_CTL_TROUBLE, "cannot write %s: %s",
                         spbe_visible(path, ctl->pool),
                         apr_strerror(rv, reason, sizeof(reason)));
}

/* The new text in the place of the file, with the rights of the old one. */
static int replace(const spbe_ctl_t *ctl, const char *path, spbe_span_t text)
{
    const char *aside = apr_pstrcat(ctl->pool, path, ".new", NULL);
    apr_array_header_t *recipients;
    const char *why;
    struct stat st;
    int had = stat(path, &st) == 0;
    apr_status_t rv;

    if (spbe_recipients_parse(text, &recipients, &why, ctl->pool) != SPBE_OK) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s would not be right: %s",
                             spbe_visible(path, ctl->pool), why);
    }
    unlink(aside);
    rv = spbe_keyfile_create(aside, text, had ? st.st_mode & 0777 : 0644,
                             ctl->pool);
    if (rv == APR_SUCCESS && had && chown(aside, st.st_uid, st.st_gid) == -1) {
        rv = errno;
    }
    if (rv == APR_SUCCESS && rename(aside, path) == -1) {
        rv = errno;
    }
    if (rv != APR_SUCCESS) {
        unlink(aside);
    }
    return rv == APR_SUCCESS ? SPBE_CTL_FINE : cannot(ctl, path, rv);
}

/* What the file holds; a file that is not there is the preface. */
static int read_text(const spbe_ctl_t *ctl, const char *path, spbe_span_t *text,
                     apr_array_header_t **recipients)
{
    apr_status_t rv = spbe_keyfile_slurp(path, text, ctl->pool);
    const char *why;
    char reason[128];

    *recipients = apr_array_make(ctl->pool, 1, sizeof(spbe_recipient_t));
    if (APR_STATUS_IS_ENOENT(rv)) {
        *text = spbe_span_from(preface);
        apr_dir_make_recursive(folder_of(path, ctl->pool), APR_FPROT_OS_DEFAULT,
                               ctl->pool);
        return SPBE_CTL_FINE;
    }
    if (rv != APR_SUCCESS) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "cannot read %s: %s",
                             spbe_visible(path, ctl->pool),
                             apr_strerror(rv, reason, sizeof(reason)));
    }
    if (spbe_span_find(*text, SPBE_SPAN("-----BEGIN")) == SPBE_NPOS) {
        return SPBE_CTL_FINE;
    }
    if (spbe_recipients_parse(*text, recipients, &why, ctl->pool) != SPBE_OK) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s: %s",
                             spbe_visible(path, ctl->pool), why);
    }
    return SPBE_CTL_FINE;
}

static int place_of(const apr_array_header_t *recipients, const char *id)
{
    int i = 0;

    while (i < recipients->nelts &&
           strcmp(APR_ARRAY_IDX(recipients, i, spbe_recipient_t).id, id) != 0) {
        i++;
    }
    return i;
}

int spbe_keyfile_add(const spbe_ctl_t *ctl, const char *path, const char *name,
                     const char *private_path,
                     const unsigned char key[SPBE_HPKE_KEY], int *added)
{
    apr_array_header_t *recipients;
    const char *pem = spbe_pem_public(key, ctl->pool);
    char id[SPBE_RECIPIENT_ID];
    spbe_span_t text;
    spbe_buf_t buf;
    int code = read_text(ctl, path, &text, &recipients);

    *added = 0;
    spbe_recipient_id(key, id);
    if (code != SPBE_CTL_FINE || pem == NULL ||
        place_of(recipients, id) < recipients->nelts) {
        return code;
    }
    spbe_buf_init(&buf, text.len + 512, ctl->pool);
    spbe_buf_add(&buf, text);
    if (text.len > 0 && text.ptr[text.len - 1] != '\n') {
        spbe_buf_addc(&buf, '\n');
    }
    spbe_buf_printf(&buf, "\n# name: %s\n", name);
    if (private_path != NULL) {
        spbe_buf_printf(&buf, SPBE_KEYFILE_PRIVATE "%s\n", private_path);
    }
    spbe_buf_adds(&buf, pem);
    code = replace(ctl, path, spbe_buf_span(&buf));
    *added = code == SPBE_CTL_FINE;
    return code;
}

/* Where the block with that number begins. */
static size_t block_at(spbe_span_t text, int number)
{
    static const char begin[] = "-----BEGIN ";
    size_t at = 0;

    for (;;) {
        spbe_span_t rest = spbe_span_slice(text, at, text.len);
        size_t hit = spbe_span_find(rest, SPBE_SPAN(begin));

        if (hit == SPBE_NPOS) {
            return text.len;
        }
        at += hit;
        /* Only one at the beginning of a line is a block. */
        if ((at == 0 || strchr("\n\r \t", text.ptr[at - 1]) != NULL) &&
            number-- == 0) {
            return at;
        }
        at += sizeof(begin) - 1;
    }
}

int spbe_keyfile_retire(const spbe_ctl_t *ctl, const char *path, const char *id,
                        const char *reason)
{
    apr_array_header_t *recipients;
    char day[SPBE_STAMP_SIZE];
    spbe_span_t text;
    spbe_buf_t buf;
    size_t at;
    int code = read_text(ctl, path, &text, &recipients), i;

    if (code != SPBE_CTL_FINE) {
        return code;
    }
    i = place_of(recipients, id);
    if (i == recipients->nelts) {
        return spbe_ctl_fail(SPBE_CTL_TROUBLE, "%s has no key %s",
                             spbe_visible(path, ctl->pool),
                             spbe_visible(id, ctl->pool));
    }
    if (APR_ARRAY_IDX(recipients, i, spbe_recipient_t).retired != NULL) {
        return SPBE_CTL_FINE;
    }
    at = block_at(text, i);
    spbe_stamp_day(apr_time_now(), day);
    spbe_buf_init(&buf, text.len + 512, ctl->pool);
    spbe_buf_add(&buf, spbe_span_slice(text, 0, at));
    spbe_buf_printf(&buf, "# retired: %s\n# reason: %s\n", day, reason);
    spbe_buf_add(&buf, spbe_span_slice(text, at, text.len));
    return replace(ctl, path, spbe_buf_span(&buf));
}
