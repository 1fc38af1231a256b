/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/purge.c - segments rewritten without details or bodies. See purge.h;
 * what must outlive a body is appended in purge_keep.c.
 */
#include "store/purge_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK ((size_t)1 << 20)
#define NEW "purge.new" /* never the name of a segment */

struct spbe_purge {
    spbe_archive_t *archive;
    const spbe_order_t *order;
    apr_uint64_t next; /* no segment before this one */
    apr_pool_t *pool;  /* cleared at each step */
};

spbe_purge_t *spbe_purge_create(spbe_archive_t *archive,
                                const spbe_order_t *order, apr_pool_t *pool)
{
    spbe_purge_t *purge = apr_pcalloc(pool, sizeof(*purge));

    purge->archive = archive;
    purge->order = order;
    purge->next = order->first;
    apr_pool_create(&purge->pool, pool);
    return purge;
}

apr_status_t spbe_purge_read(int fd, spbe_purge_line_t *take, void *baton,
                             apr_pool_t *pool)
{
    spbe_lines_t *lines = spbe_lines_create(pool);
    char *block = apr_palloc(pool, BLOCK);
    apr_status_t rv = APR_SUCCESS;
    apr_uint64_t at = 0, offset;
    spbe_span_t line;
    int whole;

    for (;;) {
        ssize_t n = pread(fd, block, BLOCK, (off_t)at);

        if (n == -1 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n == 0 ? APR_SUCCESS : errno;
        }
        spbe_lines_feed(lines, (spbe_span_t){block, (size_t)n}, at);
        while (spbe_lines_next(lines, &line, &offset, &whole)) {
            rv = take(baton, line);
            if (rv != APR_SUCCESS) {
                return rv;
            }
        }
        at += (apr_uint64_t)n;
    }
}

/* A segment on its way to the new file. */
typedef struct rewriting {
    const spbe_order_t *order;
    int out;
    apr_uint64_t written;
    spbe_buf_t group; /* entries that no signature has followed yet */
    int is_first;     /* the next entry is that of the segment */
    int is_changed;
    spbe_keylines_t keys;
    spbe_body_t *body;
    apr_pool_t *scratch;  /* cleared for each line */
    apr_pool_t *buffered; /* of group */
} rewriting_t;

static apr_status_t write_all(rewriting_t *r, spbe_span_t text)
{
    while (text.len > 0) {
        ssize_t n = write(r->out, text.ptr, text.len);

        if (n == -1 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n == 0 ? APR_ENOSPC : errno;
        }
        r->written += (apr_uint64_t)n;
        text = spbe_span_slice(text, (size_t)n, text.len);
    }
    return APR_SUCCESS;
}

static int is_key(rewriting_t *r, spbe_span_t text)
{
    spbe_entry_t entry;
    spbe_line_t line;
    const char *why;

    return spbe_entry_parse(text, &entry) == SPBE_OK &&
           entry.kind == SPBE_ENTRY_LINE &&
           spbe_line_parse(entry.line, &line, &why, r->scratch) == SPBE_OK &&
           spbe_keylines_has(&r->keys, &line);
}

static apr_status_t add_emptied(rewriting_t *r, spbe_span_t text)
{
    unsigned char hash[SPBE_HASH_SIZE];
    spbe_entry_split_t split;

    spbe_entry_split(text, &split);
    if (split.hidden.len == 0 || is_key(r, text)) {
        spbe_buf_add(&r->group, text);
        spbe_buf_addc(&r->group, '\n');
        return APR_SUCCESS;
    }
    if (!spbe_body_hash_hidden(r->body, split.hidden, hash)) {
        return APR_ENOMEM;
    }
    spbe_entry_add_emptied(&r->group, &split, hash);
    r->is_changed = 1;
    return APR_SUCCESS;
}

static apr_status_t end_group(rewriting_t *r, spbe_span_t line)
{
    spbe_group_t group;
    apr_status_t rv;

    if (spbe_group_parse(line, &group) != SPBE_OK ||
        group.number < r->order->from || group.number > r->order->to) {
        return APR_EINVAL;
    }
    spbe_buf_add(&r->group, line);
    spbe_buf_addc(&r->group, '\n');
    rv = write_all(r, spbe_buf_span(&r->group));
    apr_pool_clear(r->buffered);
    spbe_buf_init(&r->group, BLOCK, r->buffered);
    return rv;
}

static apr_status_t take_line(void *baton, spbe_span_t line)
{
    rewriting_t *r = baton;
    spbe_segment_t segment;
    int was_first = r->is_first;

    apr_pool_clear(r->scratch);
    r->is_first = 0;
    if (spbe_group_is(line)) {
        return end_group(r, line);
    }
    if (!r->order->all) {
        return add_emptied(r, line);
    }
    if (was_first && spbe_segment_parse(line, &segment) == SPBE_OK) {
        spbe_buf_add(&r->group, line);
        spbe_buf_addc(&r->group, '\n');
        return APR_SUCCESS;
    }
    r->is_changed = 1;
    return APR_SUCCESS;
}

static apr_status_t rewrite(spbe_purge_t *purge, int in, int out,
                            apr_uint64_t *written, int *is_changed)
{
    rewriting_t r = {.order = purge->order,
                     .out = out,
                     .is_first = 1,
                     .body = spbe_body_create(purge->pool)};
    apr_status_t rv;

    if (r.body == NULL) {
        return APR_ENOMEM;
    }
    apr_pool_create(&r.scratch, purge->pool);
    apr_pool_create(&r.buffered, purge->pool);
    spbe_buf_init(&r.group, BLOCK, r.buffered);
    spbe_keylines_init(&r.keys, purge->pool);
    rv = spbe_purge_read(in, take_line, &r, purge->pool);
    /* What no signature follows means nothing, and goes. */
    *written = r.written;
    *is_changed = r.is_changed;
    return rv == APR_SUCCESS && fsync(out) == -1 ? errno : rv;
}

/* In place of the old one. room: up to the address of the next segment. */
static apr_status_t replace(spbe_purge_t *purge, apr_uint64_t address, int in,
                            apr_uint64_t size, apr_uint64_t room,
                            spbe_purge_counts_t *counts)
{
    int folder = purge->archive->folder, is_changed, out;
    char name[SPBE_SEGMENT_NAME];
    apr_uint64_t written;
    apr_status_t rv;

    spbe_segment_name(address, name);
    unlinkat(folder, NEW, 0);
    out = openat(folder, NEW,
                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (out == -1) {
        return errno;
    }
    rv = rewrite(purge, in, out, &written, &is_changed);
    close(out);
    /* Longer, its addresses would be those of the next one too. */
    if (rv == APR_SUCCESS && written > room) {
        rv = APR_EINVAL;
    }
    if (rv == APR_SUCCESS && (is_changed || written != size)) {
        rv = renameat(folder, NEW, folder, name) == -1 || fsync(folder) == -1
                 ? errno
                 : APR_SUCCESS;
        counts->segments += rv == APR_SUCCESS;
        counts->bytes +=
            rv == APR_SUCCESS && written < size ? size - written : 0;
    }
    unlinkat(folder, NEW, 0);
    return rv;
}

/* Its groups, as its first and last say, are of the order. */
static apr_status_t check(const spbe_purge_t *purge, int fd)
{
    unsigned char hash[SPBE_HASH_SIZE];
    spbe_group_t last;
    apr_uint64_t behind;
    apr_status_t rv = spbe_segment_last(fd, &last, hash, &behind, purge->pool);

    if (rv == APR_SUCCESS &&
        (last.number < purge->order->from || last.number > purge->order->to)) {
        rv = APR_EINVAL;
    }
    return rv;
}

static apr_status_t purge_segment(spbe_purge_t *purge, apr_uint64_t address,
                                  apr_uint64_t after,
                                  spbe_purge_counts_t *counts)
{
    struct stat st;
    apr_status_t rv;
    int fd;

    rv = spbe_segment_open(purge->archive->folder, address, O_RDONLY, &fd);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = fstat(fd, &st) == -1 ? errno : check(purge, fd);
    if (rv == APR_SUCCESS && purge->order->all) {
        rv = spbe_purge_keep(purge->archive, fd, after >= purge->order->behind,
                             purge->pool);
    }
    if (rv == APR_SUCCESS) {
        rv = replace(purge, address, fd, (apr_uint64_t)st.st_size,
                     after - address, counts);
    }
    close(fd);
    return rv;
}

apr_status_t spbe_purge_step(spbe_purge_t *purge, spbe_purge_counts_t *counts)
{
    spbe_archive_t *archive = purge->archive;
    apr_uint64_t address, after;
    int has_after;
    apr_status_t rv = spbe_archive_look(archive);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    apr_pool_clear(purge->pool);
    if (purge->next > 0
            ? !spbe_archive_after(archive, purge->next - 1, &address)
            : archive->segments->nelts == 0) {
        return APR_EOF;
    }
    if (purge->next == 0) {
        address = APR_ARRAY_IDX(archive->segments, 0, apr_uint64_t);
    }
    if (address >= purge->order->behind) {
        return APR_EOF;
    }
    has_after = spbe_archive_after(archive, address, &after);
    if (!has_after || after > purge->order->behind ||
        address == archive->base) {
        return APR_EINVAL;
    }
    purge->next = address + 1;
    return purge_segment(purge, address, after, counts);
}
