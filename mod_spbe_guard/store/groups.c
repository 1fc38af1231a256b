/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/groups.c - the groups of an archive, followed one by one. See
 * groups.h.
 */
#include "store/groups.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <apr_strings.h>
#include "store/database_int.h"
#include "store/lines.h"
#include "store/row.h"
#include "store/segment.h"
#include "store/source.h"
#include "text/utf8.h"

#define MINUTE apr_time_from_sec(60)
#define HEX_SIZE (2 * SPBE_HASH_SIZE + 1)
#define NODE_MAX 64
#define NOWHERE ((apr_uint64_t)-1)

struct spbe_groups {
    spbe_database_t *database;
    const char *dir;
    spbe_source_t source;
    int is_open, is_known;
    const char *first_key;
    spbe_lines_t *lines;
    spbe_buf_t body;       /* of the group that is being read, hexadecimal */
    apr_uint64_t begin;    /* of that group */
    apr_uint64_t expected; /* where the next piece begins */
    apr_uint64_t stands;   /* nothing was read behind; NOWHERE: not known */
    apr_uint64_t safe;     /* what was read before this will not change */
    char segment[SPBE_SEGMENT_NAME]; /* that was read last, not synced yet */
    apr_pool_t *pool, *scratch;
};

spbe_groups_t *spbe_groups_create(spbe_database_t *database, const char *dir,
                                  apr_pool_t *pool)
{
    spbe_groups_t *groups = apr_pcalloc(pool, sizeof(*groups));

    groups->database = database;
    groups->dir = apr_pstrdup(pool, dir);
    groups->lines = spbe_lines_create(pool);
    groups->stands = NOWHERE;
    groups->pool = pool;
    apr_pool_create(&groups->scratch, pool);
    return groups;
}

static void add_hex(spbe_buf_t *buf, spbe_span_t bytes)
{
    static const char digits[] = "0123456789abcdef";
    size_t i;

    for (i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];

        spbe_buf_addc(buf, digits[c >> 4]);
        spbe_buf_addc(buf, digits[c & 15]);
    }
}

static const char *hex(const unsigned char *hash, apr_pool_t *pool)
{
    spbe_buf_t out;

    spbe_buf_init(&out, HEX_SIZE, pool);
    add_hex(&out, (spbe_span_t){(const char *)hash, SPBE_HASH_SIZE});
    return spbe_buf_cstr(&out);
}

static apr_status_t open_source(spbe_groups_t *groups)
{
    apr_status_t rv;

    if (groups->is_open) {
        return APR_SUCCESS;
    }
    rv = spbe_source_folder(&groups->source, groups->dir, groups->pool);
    groups->is_open = rv == APR_SUCCESS;
    return APR_STATUS_IS_ENOENT(rv) ? APR_EOF : rv;
}

static void start_group(spbe_groups_t *groups, apr_uint64_t place)
{
    apr_pool_clear(groups->scratch);
    spbe_buf_init(&groups->body, 65536, groups->scratch);
    groups->begin = place;
}

static apr_status_t from(spbe_groups_t *groups, apr_uint64_t place)
{
    spbe_lines_feed(groups->lines, SPBE_SPAN_EMPTY, place);
    spbe_lines_cut(groups->lines);
    groups->expected = place;
    start_group(groups, place);
    return groups->source.seek(groups->source.baton, place);
}

static apr_status_t feed(spbe_groups_t *groups)
{
    spbe_source_piece_t piece;
    apr_status_t rv = groups->source.next(groups->source.baton, &piece);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    /* What a segment ends with behind its last group belongs to none. */
    if (piece.offset != groups->expected) {
        spbe_lines_cut(groups->lines);
        start_group(groups, piece.offset);
    }
    groups->expected = piece.offset + piece.bytes.len;
    spbe_lines_feed(groups->lines, piece.bytes, piece.offset);
    apr_cpystrn(groups->segment, piece.segment, sizeof(groups->segment));
    return APR_SUCCESS;
}

static void take_names(spbe_groups_t *groups, const spbe_segment_t *segment)
{
    const char *node =
        spbe_row_text(spbe_span_from(segment->node), groups->pool);
    spbe_span_t name = spbe_utf8_cut(spbe_span_from(node), NODE_MAX);

    if (name.len > 0) {
        spbe_database_set_node(groups->database,
                               spbe_span_dup(name, groups->pool));
    }
    groups->first_key = hex(segment->first, groups->pool);
    groups->is_known = 1;
}

apr_status_t spbe_groups_learn(spbe_groups_t *groups)
{
    apr_status_t rv = groups->is_known ? APR_SUCCESS : open_source(groups);
    spbe_segment_t segment;
    apr_uint64_t offset;
    spbe_span_t line;
    int whole;

    if (rv != APR_SUCCESS || groups->is_known) {
        return rv;
    }
    rv = from(groups, 0);
    while (rv == APR_SUCCESS &&
           !spbe_lines_next(groups->lines, &line, &offset, &whole)) {
        rv = feed(groups);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (!whole || spbe_segment_parse(line, &segment) != SPBE_OK) {
        return spbe_database_say(groups->database, APR_EGENERAL,
                                 "the archive does not begin with a segment: "
                                 "see spbe-guardctl verify");
    }
    take_names(groups, &segment);
    return APR_SUCCESS;
}

static int is_shared(const spbe_groups_t *groups)
{
    return groups->database->dialect->is_shared;
}

static void collect(spbe_groups_t *groups, spbe_span_t line)
{
    if (is_shared(groups)) {
        add_hex(&groups->body, line);
        spbe_buf_adds(&groups->body, "0a");
    }
}

/* What the owner does about it, when he knows why. */
static const char *cure(const spbe_groups_t *groups)
{
    return is_shared(groups)
               ? ": spbe-guardctl reindex --database DSN --set-aside"
               : "";
}

/* What the database would have to forget is not forgotten. */
static int continues(spbe_groups_t *groups, const spbe_group_t *group)
{
    const spbe_node_state_t *state = &groups->database->state;
    const char *before = hex(group->before, groups->scratch);

    if (state->head_group == 0 || (group->number == state->head_group + 1 &&
                                   strcmp(before, state->head_hash) == 0)) {
        return 1;
    }
    spbe_database_say(groups->database, APR_EGENERAL,
                      "the archive of %s is not the one that was indexed: "
                      "behind group %" APR_UINT64_T_FMT
                      ":%.16s... stands group "
                      "%" APR_UINT64_T_FMT " behind %.16s...%s",
                      groups->database->node, state->head_group,
                      state->head_hash, group->number, before, cure(groups));
    return 0;
}

static const char *number(spbe_groups_t *groups, apr_uint64_t value)
{
    return spbe_database_digits(groups->database, (apr_int64_t)value);
}

/* The last group of a minute is kept for ever. */
static apr_status_t keep_head(spbe_groups_t *groups, apr_time_t next)
{
    const spbe_node_state_t *state = &groups->database->state;
    const char *args[] = {
        groups->database->node, number(groups, state->head_group),
        state->head_hash,
        spbe_database_digits(groups->database, state->head_time)};
    int rows;

    if (state->head_group == 0 || state->head_time / MINUTE == next / MINUTE) {
        return APR_SUCCESS;
    }
    return spbe_database_exec(groups->database, SPBE_STMT_ADD_HEAD,
                              sizeof(args) / sizeof(args[0]), args, &rows);
}

/* Is what stands in its place the same? */
static apr_status_t compare(spbe_groups_t *groups, const spbe_group_t *group,
                            const char *hash, int *fits)
{
    const char *args[] = {groups->database->node, number(groups, group->number),
                          hash};
    const char *none;
    apr_status_t rv =
        spbe_database_one(groups->database,
                          "SELECT 1 FROM groups WHERE node = %s"
                          " AND group_no = CAST(%s AS BIGINT) AND hash = %s",
                          3, args, 1, &none, fits);

    return rv == APR_SUCCESS && !*fits
               ? spbe_database_say(groups->database, APR_SUCCESS,
                                   "the shared database holds another group "
                                   "%" APR_UINT64_T_FMT " of %s, or something "
                                   "else in its place%s",
                                   group->number, groups->database->node,
                                   cure(groups))
               : rv;
}

static apr_status_t store(spbe_groups_t *groups, const spbe_group_t *group,
                          const char *hash, apr_uint64_t behind, int *fits)
{
    const char *args[] = {
        groups->database->node,
        number(groups, group->number),
        number(groups, groups->begin),
        number(groups, behind - groups->begin),
        spbe_database_digits(groups->database, group->time),
        hash,
        spbe_buf_cstr(&groups->body),
    };
    apr_status_t rv;
    int rows;

    if (!is_shared(groups)) {
        return APR_SUCCESS;
    }
    rv = spbe_database_exec(groups->database, SPBE_STMT_PUT_GROUP,
                            sizeof(args) / sizeof(args[0]), args, &rows);
    return rv == APR_SUCCESS && rows == 0 ? compare(groups, group, hash, fits)
                                          : rv;
}

static apr_status_t take_group(spbe_groups_t *groups, spbe_span_t line,
                               const spbe_group_t *group, apr_uint64_t behind,
                               int *fits)
{
    spbe_node_state_t *state = &groups->database->state;
    unsigned char hash[SPBE_HASH_SIZE];
    const char *text;
    apr_status_t rv;

    if (!spbe_group_hash(line, hash)) {
        return APR_ENOMEM;
    }
    text = hex(hash, groups->database->scratch);
    rv = keep_head(groups, group->time);
    if (rv == APR_SUCCESS) {
        rv = store(groups, group, text, behind, fits);
    }
    if (rv != APR_SUCCESS || !*fits) {
        return rv;
    }
    state->followed = behind;
    state->head_group = group->number;
    state->head_hash = text;
    state->head_time = group->time;
    groups->stands = behind;
    start_group(groups, behind);
    return rv;
}

/* One line. */
static apr_status_t step(spbe_groups_t *groups, int *fits)
{
    apr_uint64_t offset;
    spbe_group_t group;
    spbe_span_t line;
    int whole;

    if (!spbe_lines_next(groups->lines, &line, &offset, &whole)) {
        return feed(groups);
    }
    collect(groups, line);
    if (!whole || spbe_group_parse(line, &group) != SPBE_OK) {
        return APR_SUCCESS;
    }
    *fits = continues(groups, &group);
    return *fits ? take_group(groups, line, &group, offset + line.len + 1, fits)
                 : APR_SUCCESS;
}

/* Other machines must not know what this one may still lose. */
static apr_status_t sync_segment(spbe_groups_t *groups)
{
    apr_uint64_t address;
    apr_status_t rv;
    int folder, fd;

    if (!spbe_segment_is(groups->segment, &address)) {
        return APR_SUCCESS;
    }
    rv = spbe_segment_dir(groups->dir, 0, &folder);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = spbe_segment_open(folder, address, O_RDONLY, &fd);
    close(folder);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = fdatasync(fd) == 0 ? APR_SUCCESS : errno;
    close(fd);
    groups->segment[0] = '\0';
    return rv;
}

static int is_same_archive(spbe_groups_t *groups, apr_uint64_t size)
{
    const spbe_node_state_t *state = &groups->database->state;

    if (state->first_key != NULL && groups->first_key != NULL &&
        strcmp(state->first_key, groups->first_key) != 0) {
        spbe_database_say(groups->database, APR_EGENERAL,
                          "another archive is indexed under the name %s: its "
                          "first key is %.16s..., here it is %.16s...%s",
                          groups->database->node, state->first_key,
                          groups->first_key, cure(groups));
        return 0;
    }
    if (size < state->followed) {
        spbe_database_say(
            groups->database, APR_EGENERAL,
            "the archive of %s has become shorter: group %" APR_UINT64_T_FMT
            ":%.16s... is not in it any more%s",
            groups->database->node, state->head_group,
            state->head_hash == NULL ? "" : state->head_hash, cure(groups));
        return 0;
    }
    return 1;
}

apr_status_t spbe_groups_follow(spbe_groups_t *groups, apr_uint64_t upto,
                                apr_uint64_t size, int *fits)
{
    spbe_node_state_t *state = &groups->database->state;
    apr_status_t rv = APR_SUCCESS;

    *fits = is_same_archive(groups, size);
    if (!*fits || state->followed >= upto) {
        return APR_SUCCESS;
    }
    state->first_key = groups->first_key;
    if (groups->stands != state->followed || upto > groups->safe) {
        groups->safe = size;
        rv = from(groups, state->followed);
    }
    while (rv == APR_SUCCESS && *fits && state->followed < upto) {
        rv = step(groups, fits);
    }
    if (rv != APR_SUCCESS || !*fits) {
        groups->stands = NOWHERE;
    }
    rv = rv == APR_EOF ? APR_SUCCESS : rv;
    return rv == APR_SUCCESS && *fits ? sync_segment(groups) : rv;
}
