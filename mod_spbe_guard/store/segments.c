/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/segments.c - the segments of an archive. See segments.h.
 */
#include "store/segments.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <apr_strings.h>
#include "record/line.h"
#include "store/segment.h"
#include "store/walk.h"

#define HEAD 2048 /* more than the first entry of a segment has */

static void read_head(int fd, spbe_segments_one_t *one)
{
    char text[HEAD];
    ssize_t n = pread(fd, text, sizeof(text), 0);
    spbe_span_t rest = {text, n < 0 ? 0 : (size_t)n};
    spbe_segment_t head;

    if (spbe_segment_parse(spbe_span_line(&rest), &head) == SPBE_OK) {
        one->group_from = head.group;
        one->from = head.time;
    }
}

static void read_one(int folder, spbe_segments_one_t *one, apr_pool_t *pool)
{
    unsigned char hash[SPBE_HASH_SIZE];
    apr_uint64_t behind;
    spbe_group_t group;
    struct stat st;
    int fd;

    if (spbe_segment_open(folder, one->first, O_RDONLY, &fd) != APR_SUCCESS) {
        return;
    }
    read_head(fd, one);
    if (fstat(fd, &st) == 0) {
        one->size = (apr_uint64_t)st.st_size;
    }
    if (spbe_segment_last(fd, &group, hash, &behind, pool) == APR_SUCCESS) {
        one->group_to = group.number;
        one->to = group.number == 0 ? 0 : group.time;
    }
    close(fd);
}

apr_status_t spbe_segments_list(const char *dir, apr_array_header_t **segments,
                                apr_pool_t *pool)
{
    apr_array_header_t *addresses;
    apr_status_t rv;
    int folder, i;

    *segments = apr_array_make(pool, 16, sizeof(spbe_segments_one_t));
    rv = spbe_segment_dir(dir, 0, &folder);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = spbe_segment_list(folder, &addresses, pool);
    for (i = 0; rv == APR_SUCCESS && i < addresses->nelts; i++) {
        spbe_segments_one_t one = {
            .first = APR_ARRAY_IDX(addresses, i, apr_uint64_t),
            .is_last = i + 1 == addresses->nelts};

        read_one(folder, &one, pool);
        one.behind = one.is_last
                         ? one.first + one.size
                         : APR_ARRAY_IDX(addresses, i + 1, apr_uint64_t);
        APR_ARRAY_PUSH(*segments, spbe_segments_one_t) = one;
    }
    close(folder);
    return rv;
}

/* What a purge of details leaves: the keys of what is sealed behind them. */
typedef struct counting {
    spbe_segments_content_t *content;
    char key_writer[256]; /* of the last record of kind key */
    apr_uint64_t key_seq;
} counting_t;

static int is_key(counting_t *c, const spbe_line_t *line)
{
    if (line->h != NULL && strstr(line->h, "\"kind\":\"key\"") != NULL) {
        apr_cpystrn(c->key_writer, line->writer, sizeof(c->key_writer));
        c->key_seq = line->seq;
    }
    return line->seq == c->key_seq && strcmp(line->writer, c->key_writer) == 0;
}

static void count(counting_t *c, const spbe_entry_t *entry, apr_pool_t *scratch)
{
    spbe_segments_content_t *content = c->content;
    spbe_line_t line;
    const char *why;

    content->bytes += entry->next - entry->offset;
    if (entry->kind != SPBE_ENTRY_LINE ||
        spbe_line_parse(entry->line, &line, &why, scratch) != SPBE_OK) {
        return;
    }
    content->records += line.part == 1;
    if (!is_key(c, &line)) {
        content->detailed += line.part == 1 && line.d.len > 0;
        content->details_bytes += (line.d.len * 4 + 2) / 3;
    }
}

apr_status_t spbe_segments_read(const char *dir,
                                const spbe_segments_one_t *segment,
                                spbe_segments_content_t *content,
                                apr_pool_t *pool)
{
    counting_t c = {.content = content};
    spbe_source_t source;
    spbe_walk_t *walk;
    apr_pool_t *scratch;
    apr_status_t rv = spbe_source_folder(&source, dir, pool);

    *content = (spbe_segments_content_t){.records = 0};
    if (rv != APR_SUCCESS) {
        return rv;
    }
    walk = spbe_walk_create(&source, pool);
    rv = spbe_walk_seek(walk, segment->first);
    apr_pool_create(&scratch, pool);
    while (rv == APR_SUCCESS) {
        spbe_entry_t entry;

        rv = spbe_walk_next(walk, &entry);
        if (rv == APR_SUCCESS && entry.offset >= segment->behind) {
            break;
        }
        if (rv == APR_SUCCESS) {
            count(&c, &entry, scratch);
        }
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(scratch);
    return rv == APR_EOF ? APR_SUCCESS : rv;
}
