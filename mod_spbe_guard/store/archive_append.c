/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/archive_append.c - a group: its entries and its signature, written at
 * once and synced. See archive.h.
 *
 * Killed at any instruction it leaves whole groups and at most one torn tail.
 */
#include "store/archive_int.h"

#include <apr_strings.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define TURN ((apr_uint64_t)60 * 1000000)
#define PIECES 3

/* What is going to be written. */
typedef struct draft {
    spbe_buf_t head; /* of a new segment, or empty */
    spbe_span_t entries;
    spbe_buf_t line; /* the signature's */
    size_t length;   /* of all */
    spbe_group_t group;
    unsigned char hash[SPBE_HASH_SIZE];
    apr_uint64_t hidden;
    int is_new; /* the first of its segment */
} draft_t;

static apr_uint64_t now_up(void)
{
    struct timespec t = {0};

    clock_gettime(CLOCK_BOOTTIME, &t);
    return (apr_uint64_t)t.tv_sec * 1000000 + (apr_uint64_t)t.tv_nsec / 1000;
}

static int are_entries(spbe_span_t entries)
{
    if (!spbe_span_ends(entries, SPBE_SPAN("\n"))) {
        return 0;
    }
    while (entries.len > 0) {
        spbe_span_t line = spbe_span_cut(&entries, '\n');

        if (!spbe_span_starts(line, SPBE_SPAN("{\"t\":\""))) {
            return 0;
        }
    }
    return 1;
}

/* Turning before the last signer has named the next would leave a signature
 * that nothing leads to. */
static int may_turn(const spbe_archive_t *archive)
{
    return archive->last.number > 0 &&
           memcmp(archive->last.signer, spbe_chain_signer(archive->chain),
                  SPBE_SIGNER_SIZE) == 0;
}

apr_status_t spbe_archive_turn(spbe_archive_t *archive)
{
    apr_status_t rv = APR_SUCCESS;

    if (archive->chain == NULL) {
        return APR_EINVAL;
    }
    if (may_turn(archive)) {
        rv = spbe_chain_turn(archive->chain);
    }
    if (rv == APR_SUCCESS) {
        archive->turned = now_up();
    }
    return rv;
}

static void add_head(const spbe_archive_t *archive, draft_t *draft)
{
    spbe_segment_t segment = {.time = draft->group.time,
                              .offset = archive->base,
                              .group = draft->group.number};

    apr_cpystrn(segment.node, archive->node, sizeof(segment.node));
    memcpy(segment.first, archive->first, sizeof(segment.first));
    memcpy(segment.before, archive->hash, sizeof(segment.before));
    spbe_segment_add(&draft->head, &segment);
}

static int make_line(spbe_archive_t *archive, draft_t *draft)
{
    spbe_group_t *group = &draft->group;
    spbe_buf_t message;

    memcpy(group->before, archive->hash, sizeof(group->before));
    memcpy(group->boot, archive->boot, sizeof(group->boot));
    memcpy(group->signer, spbe_chain_signer(archive->chain),
           sizeof(group->signer));
    memcpy(group->next, spbe_chain_next(archive->chain), sizeof(group->next));
    spbe_group_add(&draft->line, group);
    spbe_buf_init(&message, SPBE_GROUP_LINE, archive->scratch);
    spbe_group_add_message(&message, spbe_buf_span(&draft->line));
    if (!spbe_chain_sign(archive->chain, spbe_buf_span(&message),
                         group->signature)) {
        return 0;
    }
    spbe_group_add_signature(&draft->line, group->signature);
    if (!spbe_group_hash(spbe_buf_span(&draft->line), draft->hash)) {
        return 0;
    }
    spbe_buf_addc(&draft->line, '\n');
    return 1;
}

static apr_status_t make_draft(spbe_archive_t *archive, spbe_span_t entries,
                               draft_t *draft)
{
    spbe_group_t *group = &draft->group;

    spbe_buf_init(&draft->head, 1024, archive->scratch);
    spbe_buf_init(&draft->line, SPBE_GROUP_LINE, archive->scratch);
    draft->entries = entries;
    group->number = archive->last.number + 1;
    group->time = apr_time_now();
    group->up = now_up();
    if (archive->size == 0) {
        draft->is_new = 1;
        archive->begun = group->time;
        add_head(archive, draft);
    }
    spbe_body_start(archive->body);
    spbe_body_add_all(archive->body, spbe_buf_span(&draft->head));
    spbe_body_add_all(archive->body, entries);
    group->entries = spbe_body_entries(archive->body);
    draft->hidden = spbe_body_hidden(archive->body);
    if (!spbe_body_end(archive->body, group->body) ||
        !make_line(archive, draft)) {
        return APR_ENOMEM;
    }
    draft->length = draft->head.len + entries.len + draft->line.len;
    return APR_SUCCESS;
}

/* What is appended next begins a segment at that address. */
static void close_segment(spbe_archive_t *archive, apr_uint64_t next)
{
    close(archive->fd);
    archive->fd = -1;
    archive->base = next;
    archive->size = 0;
    archive->hidden = 0;
}

apr_uint64_t spbe_archive_behind(const spbe_archive_t *archive,
                                 apr_uint64_t size)
{
    return archive->base + size + archive->hidden * SPBE_ENTRY_EMPTIED;
}

/* Full, too old, or not as it was left: somebody else wrote to it. */
static void end_segment(spbe_archive_t *archive, size_t more)
{
    apr_time_t age = apr_time_now() - archive->begun;
    struct stat st = {0};
    int is_odd;

    if (archive->fd == -1) {
        return;
    }
    is_odd = fstat(archive->fd, &st) == -1 ||
             (apr_uint64_t)st.st_size != archive->size || st.st_nlink == 0;
    if (is_odd ||
        (archive->size > 0 &&
         (archive->size + more > archive->limit || age >= archive->age))) {
        apr_uint64_t next = archive->size;

        if ((apr_uint64_t)st.st_size > next) {
            next = (apr_uint64_t)st.st_size;
        }
        close_segment(archive, spbe_archive_behind(archive, next));
    }
}

static apr_status_t begin_segment(spbe_archive_t *archive)
{
    apr_status_t rv;

    rv = spbe_segment_open(archive->folder, archive->base,
                           O_RDWR | O_APPEND | O_CREAT | O_EXCL, &archive->fd);
    /* Never written to by this one: beside it. */
    while (rv == APR_EEXIST) {
        archive->base++;
        rv = spbe_segment_open(archive->folder, archive->base,
                               O_RDWR | O_APPEND | O_CREAT | O_EXCL,
                               &archive->fd);
    }
    return rv;
}

static apr_status_t write_all(int fd, struct iovec *pieces, size_t length)
{
    int i = 0;

    while (length > 0) {
        ssize_t n = writev(fd, pieces + i, PIECES - i);

        if (n == -1 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n == 0 ? APR_ENOSPC : errno;
        }
        length -= (size_t)n;
        while (length > 0 && (size_t)n >= pieces[i].iov_len) {
            n -= (ssize_t)pieces[i++].iov_len;
        }
        pieces[i].iov_base = (char *)pieces[i].iov_base + n;
        pieces[i].iov_len -= (size_t)n;
    }
    return APR_SUCCESS;
}

static apr_status_t write_draft(spbe_archive_t *archive, draft_t *draft)
{
    /* writev takes no const; one copy is cheap beside the disk. */
    char *entries =
        apr_pmemdup(archive->scratch, draft->entries.ptr, draft->entries.len);
    struct iovec pieces[PIECES] = {{draft->head.ptr, draft->head.len},
                                   {entries, draft->entries.len},
                                   {draft->line.ptr, draft->line.len}};

    return write_all(archive->fd, pieces, draft->length);
}

static void take(spbe_archive_t *archive, const draft_t *draft)
{
    archive->last = draft->group;
    memcpy(archive->hash, draft->hash, sizeof(archive->hash));
    archive->size += draft->length;
    archive->hidden += draft->hidden;
}

/*
 * A group that was not written whole never was there. One that could not be
 * synced was, for a moment, for readers: its addresses are not used again.
 * Where not even that can be withdrawn it stays, and the chain goes on behind
 * it.
 */
static void withdraw(spbe_archive_t *archive, const draft_t *draft,
                     int was_whole)
{
    apr_uint64_t next = spbe_archive_behind(archive, archive->size);
    char name[SPBE_SEGMENT_NAME];
    int is_back;

    if (draft->is_new) {
        spbe_segment_name(archive->base, name);
        is_back = unlinkat(archive->folder, name, 0) == 0;
    }
    else {
        is_back = ftruncate(archive->fd, (off_t)archive->size) == 0;
    }
    if (is_back && !was_whole && !draft->is_new) {
        return;
    }
    if (!is_back && was_whole) {
        take(archive, draft);
    }
    close_segment(archive, is_back && !was_whole ? next : next + draft->length);
}

static apr_status_t sync_draft(const spbe_archive_t *archive,
                               const draft_t *draft)
{
    if (fdatasync(archive->fd) == -1 ||
        (draft->is_new && fsync(archive->folder) == -1)) {
        return errno;
    }
    return APR_SUCCESS;
}

static apr_status_t put(spbe_archive_t *archive, draft_t *draft)
{
    apr_status_t rv = write_draft(archive, draft);
    int was_whole = rv == APR_SUCCESS;

    if (rv == APR_SUCCESS) {
        rv = sync_draft(archive, draft);
    }
    if (rv != APR_SUCCESS) {
        withdraw(archive, draft, was_whole);
        return rv;
    }
    take(archive, draft);
    return APR_SUCCESS;
}

apr_status_t spbe_archive_append(spbe_archive_t *archive, spbe_span_t entries)
{
    draft_t draft = {0};
    apr_status_t rv = APR_SUCCESS;

    if (archive->chain == NULL || !are_entries(entries)) {
        return APR_EINVAL;
    }
    apr_pool_clear(archive->scratch);
    end_segment(archive, entries.len + SPBE_GROUP_LINE);
    if (now_up() - archive->turned >= TURN) {
        spbe_archive_turn(archive);
    }
    if (archive->fd == -1) {
        rv = begin_segment(archive);
    }
    if (rv == APR_SUCCESS) {
        rv = make_draft(archive, entries, &draft);
    }
    return rv == APR_SUCCESS ? put(archive, &draft) : rv;
}
