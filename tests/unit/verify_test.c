/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/verify_test.c - an archive of the real writer, what an intruder
 * does to it, and what is found.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "record/line.h"
#include "store/archive_int.h"
#include "store/firstkey.h"
#include "store/order.h"
#include "store/purge.h"
#include "store/seen.h"
#include "store/verify.h"

static apr_pool_t *pool;
static char dir[64];

/* Both clocks of the writer, moved as a row wants them. */
static long wall_shift, up_shift; /* seconds */

int clock_gettime(clockid_t id, struct timespec *t)
{
    int rc = (int)syscall(SYS_clock_gettime, id, t);

    if (id == CLOCK_BOOTTIME) {
        t->tv_sec += up_shift;
    }
    return rc;
}

int gettimeofday(struct timeval *restrict t, void *restrict zone)
{
    struct timespec now;

    syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    t->tv_sec = now.tv_sec + wall_shift;
    t->tv_usec = now.tv_nsec / 1000;
    return 0;
}

static const char *path_of(const char *name)
{
    return apr_pstrcat(pool, dir, "/", name, NULL);
}

static void shell(const char *format, ...)
{
    const char *command;
    va_list args;

    va_start(args, format);
    command = apr_pvsprintf(pool, format, args);
    va_end(args);
    assert_int_equal(system(command), 0);
}

/* --- the real writer ------------------------------------------------------ */

#define GROUPS 24
#define SEGMENT_GROUPS 6 /* about so many in each */
#define TURN_GROUPS 4    /* a new signer after so many */
#define RECORDS 3

typedef struct writing {
    spbe_archive_t *archive;
    apr_pool_t *own;
    unsigned seq;
    spbe_head_t heads[4 * GROUPS];
    unsigned n;
} writing_t;

static void open_writer(writing_t *w)
{
    apr_pool_create(&w->own, pool);
    assert_int_equal(
        spbe_archive_open(&w->archive, dir, SPBE_ARCHIVE_WRITE, w->own),
        APR_SUCCESS);
    spbe_archive_node(w->archive, "kantor-1");
}

static void close_writer(writing_t *w)
{
    apr_pool_destroy(w->own);
    w->archive = NULL;
}

static void add_record(spbe_buf_t *buf, unsigned seq, const char *d)
{
    spbe_encoded_t encoded = {
        .id = apr_psprintf(pool, "01a1ff81-1a3b-7fce-b924-%012u", seq),
        .h = apr_psprintf(pool, "{\"kind\":\"error\",\"n\":%u}", seq),
        .d = d};
    apr_array_header_t *lines =
        spbe_line_split(&encoded, "kantor-1:7:1", seq, pool);
    int i;

    for (i = 0; i < lines->nelts; i++) {
        spbe_span_t line = APR_ARRAY_IDX(lines, i, spbe_span_t);

        line.len--;
        spbe_entry_add_line(buf, apr_time_now(), line);
    }
}

static void append(writing_t *w, spbe_span_t entries)
{
    assert_int_equal(spbe_archive_append(w->archive, entries), APR_SUCCESS);
    spbe_archive_head(w->archive, &w->heads[w->n++]);
}

static void write_groups(writing_t *w, unsigned n)
{
    while (n-- > 0) {
        spbe_buf_t buf;
        unsigned i;

        spbe_buf_init(&buf, 4096, pool);
        for (i = 0; i < RECORDS; i++) {
            w->seq++;
            add_record(&buf, w->seq,
                       apr_psprintf(pool,
                                    "{\"message\":\"rahasia %u, panjang "
                                    "sekali, supaya hashnya lebih pendek\"}",
                                    w->seq));
        }
        append(w, spbe_buf_span(&buf));
        if (w->n % TURN_GROUPS == 0) {
            assert_int_equal(spbe_archive_turn(w->archive), APR_SUCCESS);
        }
    }
}

static writing_t made; /* of begin */

/* An archive of GROUPS groups in several segments. */
static void begin(void)
{
    strcpy(dir, "/tmp/spbe-test-XXXXXX");
    assert_non_null(mkdtemp(dir));
    memset(&made, 0, sizeof(made));
    wall_shift = up_shift = 0;
    open_writer(&made);
    spbe_archive_limits(made.archive, 7000, apr_time_from_sec(3600));
    write_groups(&made, GROUPS);
}

static void end(void)
{
    shell("rm -rf %s", dir);
    wall_shift = up_shift = 0;
}

static void first_key(unsigned char key[SPBE_SIGNER_SIZE])
{
    assert_int_equal(spbe_firstkey_read(path_of("first.pub"), key),
                     APR_SUCCESS);
}

/* --- the archive as an intruder sees it ----------------------------------- */

typedef struct piece {
    spbe_span_t entries; /* with line ends */
    spbe_span_t line;    /* the signature's, without */
    apr_uint64_t number;
} piece_t;

typedef struct file {
    apr_uint64_t address;
    apr_array_header_t *pieces;
} file_t;

static spbe_span_t slurp(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = apr_palloc(pool, 1 << 20);
    size_t n;

    assert_non_null(file);
    n = fread(text, 1, 1 << 20, file);
    fclose(file);
    return (spbe_span_t){text, n};
}

static void read_pieces(spbe_span_t text, apr_array_header_t *pieces)
{
    const char *from = text.ptr;
    spbe_group_t group;

    while (text.len > 0) {
        spbe_span_t line = spbe_span_cut(&text, '\n');

        if (spbe_group_is(line)) {
            assert_int_equal(spbe_group_parse(line, &group), SPBE_OK);
            APR_ARRAY_PUSH(pieces, piece_t) = (piece_t){
                {from, (size_t)(line.ptr - from)}, line, group.number};
            from = line.ptr + line.len + 1;
        }
    }
}

static const char *file_path(apr_uint64_t address)
{
    char name[SPBE_SEGMENT_NAME];

    spbe_segment_name(address, name);
    return apr_pstrcat(pool, dir, "/archive/", name, NULL);
}

static apr_array_header_t *load(void)
{
    apr_array_header_t *files = apr_array_make(pool, 8, sizeof(file_t));
    apr_array_header_t *addresses;
    int fd, i;

    assert_int_equal(spbe_segment_dir(dir, 0, &fd), APR_SUCCESS);
    assert_int_equal(spbe_segment_list(fd, &addresses, pool), APR_SUCCESS);
    close(fd);
    for (i = 0; i < addresses->nelts; i++) {
        file_t file = {APR_ARRAY_IDX(addresses, i, apr_uint64_t),
                       apr_array_make(pool, 8, sizeof(piece_t))};

        read_pieces(slurp(file_path(file.address)), file.pieces);
        APR_ARRAY_PUSH(files, file_t) = file;
    }
    return files;
}

static void save_file(const file_t *file)
{
    FILE *out = fopen(file_path(file->address), "wb");
    int i;

    assert_non_null(out);
    for (i = 0; i < file->pieces->nelts; i++) {
        const piece_t *piece = &APR_ARRAY_IDX(file->pieces, i, piece_t);

        fwrite(piece->entries.ptr, 1, piece->entries.len, out);
        fwrite(piece->line.ptr, 1, piece->line.len, out);
        if (piece->line.len > 0) {
            fputc('\n', out);
        }
    }
    fclose(out);
}

static void save(const apr_array_header_t *files)
{
    int i;

    for (i = 0; i < files->nelts; i++) {
        save_file(&APR_ARRAY_IDX(files, i, file_t));
    }
}

/* The group with that number, in which file, and where in it. */
static piece_t *find_piece(const apr_array_header_t *files, apr_uint64_t number,
                           file_t **file, int *at)
{
    int i, k;

    for (i = 0; i < files->nelts; i++) {
        *file = &APR_ARRAY_IDX(files, i, file_t);
        for (k = 0; k < (*file)->pieces->nelts; k++) {
            piece_t *piece = &APR_ARRAY_IDX((*file)->pieces, k, piece_t);

            if (piece->number == number) {
                *at = k;
                return piece;
            }
        }
    }
    fail_msg("no group %d", (int)number);
    return NULL;
}

static spbe_span_t replace(spbe_span_t text, const char *what, const char *by)
{
    size_t at = spbe_span_find(text, spbe_span_from(what));

    assert_int_not_equal(at, SPBE_NPOS);
    return spbe_span_from(apr_psprintf(pool, "%.*s%s%.*s", (int)at, text.ptr,
                                       by, (int)(text.len - at - strlen(what)),
                                       text.ptr + at + strlen(what)));
}

static void remove_at(apr_array_header_t *pieces, int at)
{
    piece_t *all = (piece_t *)pieces->elts;

    memmove(all + at, all + at + 1,
            (size_t)(pieces->nelts - at - 1) * sizeof(piece_t));
    pieces->nelts--;
}

/* --- attacks -------------------------------------------------------------- */

typedef void attack_t(void);

static apr_array_header_t *files;
static file_t *file;
static int at;

static piece_t *open_piece(apr_uint64_t number)
{
    close_writer(&made);
    files = load();
    return find_piece(files, number, &file, &at);
}

static void nothing(void)
{
    close_writer(&made);
}

static void flip_bit(void)
{
    piece_t *piece = open_piece(9);
    char *text = apr_pstrmemdup(pool, piece->entries.ptr, piece->entries.len);

    text[200] ^= 1;
    piece->entries.ptr = text;
    save(files);
}

static void flip_in_signature(void)
{
    piece_t *piece = open_piece(9);
    char *text = apr_pstrmemdup(pool, piece->line.ptr, piece->line.len);
    char *c = strstr(text, "\"s\":\"") + 9;

    *c = *c == 'A' ? 'B' : 'A';
    piece->line.ptr = text;
    save(files);
}

static void flip_number(void)
{
    piece_t *piece = open_piece(9);

    piece->line = replace(piece->line, "{\"g\":9,", "{\"g\":8,");
    save(files);
}

static void break_line(void)
{
    piece_t *piece = open_piece(9);

    piece->line = replace(piece->line, "\"up\":", "\"up\";");
    save(files);
}

static void edit_entry(void)
{
    piece_t *piece = open_piece(11);

    piece->entries =
        replace(piece->entries, "\"kind\":\"error\"", "\"kind\":\"other\"");
    save(files);
}

/* The details as well: they are hashed by themselves. */
static void edit_details(void)
{
    piece_t *piece = open_piece(11);
    size_t d = spbe_span_find(piece->entries, SPBE_SPAN("\"d\":\"ey"));
    char *text = apr_pstrmemdup(pool, piece->entries.ptr, piece->entries.len);

    text[d + 8]++;
    piece->entries.ptr = text;
    save(files);
}

/* With all that root finds on the machine now. */
static void sign_again(piece_t *piece)
{
    spbe_body_t *body = spbe_body_create(pool);
    spbe_chain_t *chain;
    spbe_buf_t line, message;
    spbe_group_t group;

    assert_int_equal(spbe_group_parse(piece->line, &group), SPBE_OK);
    assert_int_equal(spbe_chain_open(&chain, dir, pool), APR_SUCCESS);
    spbe_body_add_all(body, piece->entries);
    group.entries = spbe_body_entries(body);
    assert_true(spbe_body_end(body, group.body));
    memcpy(group.signer, spbe_chain_signer(chain), SPBE_SIGNER_SIZE);
    memcpy(group.next, spbe_chain_next(chain), SPBE_SIGNER_SIZE);
    spbe_buf_init(&line, SPBE_GROUP_LINE, pool);
    spbe_group_add(&line, &group);
    spbe_buf_init(&message, SPBE_GROUP_LINE, pool);
    spbe_group_add_message(&message, spbe_buf_span(&line));
    assert_true(
        spbe_chain_sign(chain, spbe_buf_span(&message), group.signature));
    spbe_group_add_signature(&line, group.signature);
    piece->line = spbe_buf_span(&line);
}

static void edit_and_sign(void)
{
    piece_t *piece = open_piece(11);

    piece->entries =
        replace(piece->entries, "\"kind\":\"error\"", "\"kind\":\"other\"");
    sign_again(piece);
    save(files);
}

/* The same, and everything behind it too. */
static void edit_and_sign_rest(void)
{
    unsigned char before[SPBE_HASH_SIZE];
    apr_uint64_t number;

    edit_and_sign();
    for (number = 12; number <= GROUPS; number++) {
        spbe_buf_t line;
        spbe_group_t group;
        piece_t *piece = find_piece(files, number - 1, &file, &at);

        spbe_group_hash(piece->line, before);
        piece = find_piece(files, number, &file, &at);
        spbe_group_parse(piece->line, &group);
        memcpy(group.before, before, sizeof(before));
        spbe_buf_init(&line, SPBE_GROUP_LINE, pool);
        spbe_group_add(&line, &group);
        spbe_group_add_signature(&line, group.signature);
        piece->line = spbe_buf_span(&line);
        sign_again(piece);
    }
    save(files);
}

static void swap_groups(void)
{
    piece_t *one = open_piece(9), *two, kept;
    file_t *other;

    two = find_piece(files, 10, &other, &at);
    kept = *one;
    *one = *two;
    *two = kept;
    save(files);
}

static void swap_entries(void)
{
    piece_t *piece = open_piece(9);
    spbe_span_t rest = piece->entries, one, two;

    one = spbe_span_cut(&rest, '\n');
    two = spbe_span_cut(&rest, '\n');
    piece->entries = spbe_span_from(
        apr_psprintf(pool, "%.*s\n%.*s\n%.*s", (int)two.len, two.ptr,
                     (int)one.len, one.ptr, (int)rest.len, rest.ptr));
    save(files);
}

static void repeat_group(void)
{
    piece_t *piece = open_piece(9), again = *piece;
    piece_t *last =
        &APR_ARRAY_IDX(file->pieces, file->pieces->nelts - 1, piece_t);

    /* behind the last of its segment */
    again = *last;
    APR_ARRAY_PUSH(file->pieces, piece_t) = again;
    save(files);
}

static void remove_entry(void)
{
    piece_t *piece = open_piece(9);

    spbe_span_cut(&piece->entries, '\n');
    save(files);
}

static void remove_group(void)
{
    open_piece(9);
    remove_at(file->pieces, at);
    save(files);
}

/* The last of its segment: the next segment begins too late. */
static void remove_last_of_segment(void)
{
    open_piece(9);
    file->pieces->nelts--;
    save(files);
}

static void strip_signature(void)
{
    piece_t *piece = open_piece(9);

    piece->line = SPBE_SPAN_EMPTY;
    save(files);
}

static void remove_segment(void)
{
    open_piece(9);
    unlink(file_path(file->address));
}

static void remove_start(void)
{
    open_piece(1);
    unlink(file_path(file->address));
}

static void cut_behind(apr_uint64_t number)
{
    int i, found;

    open_piece(number);
    file->pieces->nelts = at + 1;
    save_file(file);
    for (found = i = 0; i < files->nelts; i++) {
        file_t *one = &APR_ARRAY_IDX(files, i, file_t);

        if (found) {
            unlink(file_path(one->address));
        }
        found |= one == file;
    }
}

static void remove_tail(void)
{
    cut_behind(20);
}

static void remove_tail_and_go_on(void)
{
    writing_t w = {.seq = 1000};

    cut_behind(13);
    open_writer(&w);
    write_groups(&w, 12);
    close_writer(&w);
}

/* Within the minute of one signer: only a head known elsewhere tells. */
static void remove_tail_at_once(void)
{
    writing_t w = {.seq = 1000};

    cut_behind(GROUPS - 1);
    shell("rm -rf %s/sign.key && cp %s/before.key %s/sign.key", dir, dir, dir);
    open_writer(&w);
    write_groups(&w, 1);
    close_writer(&w);
}

static void remove_tail_at_once_prepared(void)
{
    /* What root copied while that signer was in use. */
    shell("cp %s/minute.key %s/before.key", dir, dir);
    remove_tail_at_once();
}

static void swap_segments(void)
{
    file_t one, two;
    apr_uint64_t address;

    open_piece(1);
    one = APR_ARRAY_IDX(files, 1, file_t);
    two = APR_ARRAY_IDX(files, 2, file_t);
    address = one.address;
    one.address = two.address;
    two.address = address;
    save_file(&one);
    save_file(&two);
}

static void replay_in_place(void)
{
    file_t one;

    open_piece(1);
    one = APR_ARRAY_IDX(files, 1, file_t);
    one.address = APR_ARRAY_IDX(files, 2, file_t).address;
    save_file(&one);
}

static void replay_at_end(void)
{
    file_t one;

    open_piece(1);
    one = APR_ARRAY_IDX(files, 1, file_t);
    one.address = made.n * 100000;
    save_file(&one);
}

static void clock_back(void)
{
    wall_shift = -7200;
    write_groups(&made, 3);
    close_writer(&made);
}

static void clock_ahead(void)
{
    wall_shift = 7200;
    write_groups(&made, 3);
    close_writer(&made);
}

static void clock_back_at_start(void)
{
    close_writer(&made);
    open_writer(&made);
    strcpy(made.archive->boot, "0badb007");
    wall_shift = -7200;
    write_groups(&made, 3);
    close_writer(&made);
}

static void later_start(void)
{
    close_writer(&made);
    open_writer(&made);
    strcpy(made.archive->boot, "0badb007");
    wall_shift = 7200;
    up_shift = -100;
    write_groups(&made, 3);
    close_writer(&made);
}

/* Its memory is as it was an hour ago, and the clock was set right. */
static void memory_rolled_back(void)
{
    up_shift = -3600;
    write_groups(&made, 3);
    close_writer(&made);
}

/* Its disk as well; from there on it lives another life. */
static void machine_rolled_back(void)
{
    writing_t other = {.seq = made.seq};

    close_writer(&made);
    shell("mkdir %s/snapshot && cp -a %s/archive %s/sign.key %s/snapshot/", dir,
          dir, dir, dir);
    open_writer(&made);
    write_groups(&made, 5);
    close_writer(&made);
    shell("rm -r %s/archive %s/sign.key && mv %s/snapshot/* %s/", dir, dir, dir,
          dir);
    open_writer(&other);
    write_groups(&other, 9);
    close_writer(&other);
}

static void empty_archive(void)
{
    close_writer(&made);
    shell("rm %s/archive/*.jsonl", dir);
}

static void empty_files(void)
{
    close_writer(&made);
    shell("for f in %s/archive/*.jsonl; do : >$f; done", dir);
}

static void torn_tail(void)
{
    close_writer(&made);
    shell("f=$(ls %s/archive/*.jsonl | tail -1); printf '%%s\\n%%s' "
          "'{\"t\":\"2026-03-04T10:00:00.000000Z\",\"l\":{}}' '{\"t\":' >>$f",
          dir);
}

/* The power failed in the middle of a group; the next start mends it. */
static void torn_and_mended(void)
{
    torn_tail();
    open_writer(&made);
    write_groups(&made, 2);
    close_writer(&made);
}

/* The logger was killed between append and consume: lines come again. */
static void come_twice(void)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, 4096, pool);
    add_record(&buf, 5, "{}");
    add_record(&buf, 6, "{}");
    append(&made, spbe_buf_span(&buf));
    close_writer(&made);
}

/* What comes two minutes later. */
static void write_later(void)
{
    wall_shift = up_shift = 120;
    write_groups(&made, 1);
}

static void lose_numbers(void)
{
    made.seq += 4;
    write_groups(&made, 1);
    write_later();
    close_writer(&made);
}

/* The archive ended long ago. */
static void lose_numbers_and_end(void)
{
    made.seq += 4;
    write_groups(&made, 1);
    close_writer(&made);
    wall_shift = up_shift = 600;
}

/* They may still be on their way. */
static void lose_numbers_just_now(void)
{
    write_later();
    made.seq += 4;
    write_groups(&made, 1);
    close_writer(&made);
}

static void report_lost(void)
{
    spbe_buf_t buf;

    made.seq += 4;
    write_groups(&made, 1);
    spbe_buf_init(&buf, 4096, pool);
    spbe_entry_add_gap(&buf, apr_time_now(), SPBE_SPAN("kantor-1:7:1"),
                       made.seq - 6, made.seq - 3, "the writer died");
    append(&made, spbe_buf_span(&buf));
    write_later();
    close_writer(&made);
}

/* The same report once more, as after a crash. */
static void report_lost_twice(void)
{
    spbe_buf_t buf;
    int i;

    made.seq += 4;
    write_groups(&made, 1);
    for (i = 0; i < 2; i++) {
        spbe_buf_init(&buf, 4096, pool);
        spbe_entry_add_gap(&buf, apr_time_now(), SPBE_SPAN("kantor-1:7:1"),
                           made.seq - 6, made.seq - 3, "the writer died");
        append(&made, spbe_buf_span(&buf));
    }
    close_writer(&made);
}

/* What is there is said to be lost. */
static void report_what_is_there(void)
{
    spbe_buf_t buf;

    spbe_buf_init(&buf, 4096, pool);
    spbe_entry_add_gap(&buf, apr_time_now(), SPBE_SPAN("kantor-1:7:1"), 70, 80,
                       "the writer died");
    append(&made, spbe_buf_span(&buf));
    close_writer(&made);
}

static void rename_node_file(void)
{
    open_piece(1);
    assert_int_equal(
        rename(file_path(APR_ARRAY_IDX(files, 2, file_t).address),
               file_path(APR_ARRAY_IDX(files, 2, file_t).address + 1)),
        0);
}

static void meddle_while_open(void)
{
    shell("f=$(ls %s/archive/*.jsonl | tail -1); echo mischief >>$f", dir);
    write_groups(&made, 2);
    close_writer(&made);
}

/* The details are gone, and nobody ordered it. */
static void empty_details(void)
{
    piece_t *piece = open_piece(9);
    spbe_body_t *body = spbe_body_create(pool);
    spbe_span_t rest = piece->entries;
    spbe_buf_t buf;

    spbe_buf_init(&buf, 4096, pool);
    while (rest.len > 0) {
        unsigned char hash[SPBE_HASH_SIZE];
        spbe_entry_split_t split;

        spbe_entry_split(spbe_span_cut(&rest, '\n'), &split);
        spbe_body_hash_hidden(body, split.hidden, hash);
        spbe_entry_add_emptied(&buf, &split, hash);
    }
    piece->entries = spbe_buf_span(&buf);
    save(files);
}

static void empty_body(void)
{
    piece_t *piece = open_piece(9);

    piece->entries = SPBE_SPAN_EMPTY;
    save(files);
}

/* --- purges ----------------------------------------------------------------
 */

#define DAY (25L * 60 * 60)

static apr_uint64_t group_of(apr_uint64_t address)
{
    spbe_span_t text = slurp(file_path(address));
    spbe_segment_t segment;

    assert_int_equal(spbe_segment_parse(spbe_span_cut(&text, '\n'), &segment),
                     SPBE_OK);
    return segment.group;
}

/* Of the first n segments, as the tool would say it. */
static spbe_order_t make_order(int n, int all)
{
    spbe_order_t order = {.what = SPBE_ORDER_PURGE,
                          .id = "01a1ff81-1a3b-7fce-b924-bdd08d196330",
                          .node = "kantor-1",
                          .by = "budi",
                          .text = "masa simpan",
                          .all = all,
                          .from = 1};
    apr_array_header_t *loaded = load();

    order.first = APR_ARRAY_IDX(loaded, 0, file_t).address;
    order.behind = APR_ARRAY_IDX(loaded, n, file_t).address;
    order.to = group_of(order.behind) - 1;
    order.ts = order.before = apr_time_now();
    return order;
}

static void append_order(writing_t *w, const spbe_order_t *order)
{
    static unsigned orders;
    spbe_span_t lines = spbe_order_lines(
        order, apr_psprintf(pool, "kantor-1:ctl-%u:1", ++orders), 1, pool);
    spbe_buf_t buf;

    spbe_buf_init(&buf, 4096, pool);
    while (lines.len > 0) {
        spbe_entry_add_line(&buf, apr_time_now(), spbe_span_cut(&lines, '\n'));
    }
    append(w, spbe_buf_span(&buf));
}

static void carry_out(writing_t *w, const spbe_order_t *order)
{
    spbe_purge_t *purge = spbe_purge_create(w->archive, order, pool);
    spbe_purge_counts_t counts = {0};
    apr_status_t rv;

    do {
        rv = spbe_purge_step(purge, &counts);
    } while (rv == APR_SUCCESS);
    assert_int_equal(rv, APR_EOF);
    assert_true(counts.segments > 0);
}

/* As it should be, but for what a row changes: how much later it is, and the
 * order that is in the archive. */
typedef struct bent {
    long later; /* seconds */
    int all, all_done;
    int from, to, first, behind; /* what is added */
    long before;
    int before_it; /* the order stands before what it purges */
} bent_t;

static void purge_bent(const bent_t *bent)
{
    spbe_order_t order, bad;

    wall_shift += bent->later;
    up_shift += bent->later;
    order = bad = make_order(2, bent->all_done);
    bad.all = bent->all;
    bad.from += (apr_uint64_t)bent->from;
    bad.to += (apr_uint64_t)bent->to;
    bad.first += (apr_uint64_t)bent->first;
    bad.behind += (apr_uint64_t)bent->behind;
    bad.before += apr_time_from_sec(bent->before);
    append_order(&made, &bad);
    carry_out(&made, &order);
    close_writer(&made);
}

#define BENT(name, ...)                                                        \
    static void name(void)                                                     \
    {                                                                          \
        purge_bent(&(const bent_t){__VA_ARGS__});                              \
    }

BENT(purge_details, .later = DAY)
BENT(purge_all, .later = DAY, .all = 1, .all_done = 1)
BENT(purge_details_of_all, .later = DAY, .all = 1)
BENT(purge_too_much, .later = DAY, .all_done = 1)
BENT(purge_young, .later = 23L * 60 * 60)
BENT(purge_from, .later = DAY, .from = 1)
BENT(purge_to, .later = DAY, .to = -1)
BENT(purge_first, .later = DAY, .first = 1)
BENT(purge_behind, .later = DAY, .behind = -1)
BENT(purge_before, .later = DAY, .before = -DAY - 60)

/* Signed today, with the date of tomorrow, after a start of the machine. */
static void purge_tomorrow(void)
{
    close_writer(&made);
    open_writer(&made);
    strcpy(made.archive->boot, "0badb007");
    purge_details();
    wall_shift = up_shift = 0;
}

static void dated_tomorrow(void)
{
    close_writer(&made);
    open_writer(&made);
    strcpy(made.archive->boot, "0badb007");
    wall_shift = DAY;
    write_groups(&made, 1);
    close_writer(&made);
    wall_shift = 0;
}

/* Orders for everything that there is, a day later, for what root has taken
 * out of the middle of a segment. */
static void order_all(int all)
{
    spbe_order_t order;

    wall_shift += DAY;
    up_shift += DAY;
    open_writer(&made);
    order = make_order(3, all);
    order.to = 1000;
    order.behind = 1 << 30;
    append_order(&made, &order);
    close_writer(&made);
}

static void one_body_by_order(void)
{
    empty_body();
    order_all(1);
}

static void one_group_by_order(void)
{
    empty_details();
    order_all(0);
}

/* In the segment that is being written to, with the order in it. */
static void last_segment_by_order(void)
{
    piece_t *piece;
    int i;

    wall_shift = up_shift = DAY;
    write_groups(&made, 2);
    close_writer(&made);
    wall_shift = up_shift = 0; /* order_all adds it again */
    order_all(1);
    files = load();
    file = &APR_ARRAY_IDX(files, files->nelts - 1, file_t);
    for (i = 1; i < file->pieces->nelts - 1; i++) {
        piece = &APR_ARRAY_IDX(file->pieces, i, piece_t);
        piece->entries = SPBE_SPAN_EMPTY;
    }
    save(files);
}

static void hold_it(int released)
{
    spbe_order_t hold = {.what = SPBE_ORDER_HOLD,
                         .id = "01a1ff81-1a3b-7fce-b924-bdd08d196331",
                         .ts = apr_time_now(),
                         .node = "kantor-1",
                         .by = "ani",
                         .text = "perkara 12",
                         .since = apr_time_now() - apr_time_from_sec(3600)};

    append_order(&made, &hold);
    if (released) {
        hold.what = SPBE_ORDER_RELEASE;
        hold.hold = hold.id;
        hold.id = "01a1ff81-1a3b-7fce-b924-bdd08d196332";
        append_order(&made, &hold);
    }
    purge_details();
}

static void purge_held(void)
{
    hold_it(0);
}

static void purge_released(void)
{
    hold_it(1);
}

/* An order that stands before what it purges is none. */
static void order_before(void)
{
    spbe_order_t order = make_order(2, 0);
    apr_array_header_t *before;

    order.to = 1000;
    order.behind = 1 << 30;
    order.before += apr_time_from_sec(10 * DAY);
    append_order(&made, &order);
    wall_shift = up_shift = DAY;
    write_groups(&made, 2 * SEGMENT_GROUPS);
    before = load();
    order = make_order(before->nelts - 1, 0);
    carry_out(&made, &order);
    close_writer(&made);
}

/* Sixty losses besides do not hide who gave the order. */
static void purge_among_notes(void)
{
    spbe_buf_t buf;
    int i;

    spbe_buf_init(&buf, 4096, pool);
    for (i = 0; i < 60; i++) {
        spbe_entry_add_lost(&buf, apr_time_now(), 1, "noise");
    }
    append(&made, spbe_buf_span(&buf));
    purge_details();
}

#define NO_KIND ((spbe_verify_kind_t)-1)

typedef struct row {
    const char *label;
    attack_t *attack;
    int heads; /* how many of those of the true archive are known elsewhere,
                  from the end: all of them, or the last */
    spbe_verify_kind_t kind; /* of the first finding */
    unsigned from, upto;
    int broken; /* how many findings of that weight; -1: one or more */
} row_t;

static const row_t rows[] = {
    {"as it was written", nothing, 1, NO_KIND, 0, 0, 0},
    {"all heads known", nothing, 99, NO_KIND, 0, 0, 0},
    {"no head known", nothing, 0, SPBE_VERIFY_NO_HEAD, 0, 0, 0},
    /* 1 */
    {"flipped bit", flip_bit, 1, SPBE_VERIFY_BODY, 9, 9, 1},
    {"flipped bit in a signature", flip_in_signature, 1, SPBE_VERIFY_SIGNATURE,
     9, 9, 1},
    {"flipped bit in a number", flip_number, 1, SPBE_VERIFY_SIGNATURE, 9, 9, 1},
    {"a signature line that is none", break_line, 1, SPBE_VERIFY_SIGNATURE, 9,
     9, 1},
    /* 2 */
    {"edited entry", edit_entry, 1, SPBE_VERIFY_BODY, 11, 11, 1},
    {"edited details", edit_details, 1, SPBE_VERIFY_BODY, 11, 11, 1},
    /* 3 */
    {"edited and signed again", edit_and_sign, 1, SPBE_VERIFY_SIGNER, 11, 11,
     1},
    {"edited and all signed again", edit_and_sign_rest, 0, SPBE_VERIFY_SIGNER,
     11, 11, -1},
    {"edited, all signed again, head known", edit_and_sign_rest, 1,
     SPBE_VERIFY_SIGNER, 11, 11, -1},
    /* 4 */
    {"groups swapped", swap_groups, 1, SPBE_VERIFY_MISSING, 9, 9, -1},
    {"entries swapped", swap_entries, 1, SPBE_VERIFY_BODY, 9, 9, 1},
    /* 5 */
    {"duplicate group", repeat_group, 1, SPBE_VERIFY_REPEATED, 0, 0, 1},
    /* 6, 7 */
    {"removed entry", remove_entry, 1, SPBE_VERIFY_BODY, 9, 9, 1},
    {"removed group", remove_group, 1, SPBE_VERIFY_MISSING, 9, 9, 1},
    {"removed last of a segment", remove_last_of_segment, 1,
     SPBE_VERIFY_MISSING, 0, 0, 1},
    {"stripped signature", strip_signature, 1, SPBE_VERIFY_MISSING, 9, 9, 2},
    {"removed segment", remove_segment, 1, SPBE_VERIFY_MISSING, 0, 0, 1},
    {"missing first segment", remove_start, 1, SPBE_VERIFY_NO_START, 1, 0, 1},
    /* 8 */
    {"removed tail, head known", remove_tail, 1, SPBE_VERIFY_HEAD_MISSING, 21,
     GROUPS, 1},
    {"removed tail, many heads known", remove_tail, 99,
     SPBE_VERIFY_HEAD_MISSING, 21, GROUPS, 1},
    /* 9 */
    {"removed tail, went on", remove_tail_and_go_on, 0, SPBE_VERIFY_SIGNER, 14,
     14, 1},
    {"removed tail, went on at once, heads known", remove_tail_at_once_prepared,
     99, SPBE_VERIFY_HEAD_OTHER, GROUPS, GROUPS, 1},
    /* 10, 11 */
    {"swapped segments", swap_segments, 1, SPBE_VERIFY_MISSING, 0, 0, -1},
    {"segment under another name", rename_node_file, 1, SPBE_VERIFY_SEGMENT, 0,
     0, 1},
    {"old segment in place of another", replay_in_place, 1,
     SPBE_VERIFY_REPEATED, 0, 0, -1},
    {"old segment at the end", replay_at_end, 1, SPBE_VERIFY_REPEATED, 0, 0, 1},
    /* 12 */
    {"clock set back", clock_back, 1, SPBE_VERIFY_CLOCK_BACK, GROUPS + 1,
     GROUPS + 1, 0},
    {"clock set ahead", clock_ahead, 1, SPBE_VERIFY_CLOCK_AHEAD, GROUPS + 1,
     GROUPS + 1, 0},
    {"clock set back while it was off", clock_back_at_start, 1,
     SPBE_VERIFY_CLOCK_BACK, GROUPS + 1, GROUPS + 1, 0},
    {"started two hours later", later_start, 1, NO_KIND, 0, 0, 0},
    /* 13 */
    {"machine rolled back, heads known", machine_rolled_back, 99,
     SPBE_VERIFY_HEAD_OTHER, GROUPS + 1, GROUPS + 1, 1},
    {"memory rolled back", memory_rolled_back, 1, SPBE_VERIFY_UPTIME,
     GROUPS + 1, GROUPS + 1, 0},
    /* 14 is verify_wrong_key; 15 */
    {"no archive", empty_archive, 1, SPBE_VERIFY_EMPTY, 0, 0, 2},
    {"empty files", empty_files, 0, SPBE_VERIFY_EMPTY, 0, 0, 1},
    /* no attacks */
    {"torn tail", torn_tail, 1, SPBE_VERIFY_TORN, 0, 0, 0},
    {"torn tail, mended", torn_and_mended, 1, NO_KIND, 0, 0, 0},
    {"written to by others", meddle_while_open, 1, SPBE_VERIFY_TORN, 0, 0, 0},
    {"lines that came twice", come_twice, 1, NO_KIND, 0, 0, 0},
    {"lost numbers", lose_numbers, 1, SPBE_VERIFY_LOST, 3 * GROUPS + 1,
     3 * GROUPS + 4, 0},
    {"lost at the end, long ago", lose_numbers_and_end, 1, SPBE_VERIFY_LOST,
     3 * GROUPS + 1, 3 * GROUPS + 4, 0},
    {"numbers that may still come", lose_numbers_just_now, 1, NO_KIND, 0, 0, 0},
    {"numbers reported as lost", report_lost, 1, SPBE_VERIFY_REPORTED,
     3 * GROUPS + 1, 3 * GROUPS + 4, 0},
    {"reported twice", report_lost_twice, 1, SPBE_VERIFY_REPORTED,
     3 * GROUPS + 1, 3 * GROUPS + 4, 0},
    {"reported as lost, though there", report_what_is_there, 1,
     SPBE_VERIFY_NOT_LOST, 70, 80, 0},
    /* purges */
    {"details taken out", empty_details, 1, SPBE_VERIFY_PURGED, 9, 9, 1},
    {"body taken out", empty_body, 1, SPBE_VERIFY_PURGED, 9, 9, 1},
    {"purged by order: details", purge_details, 1, SPBE_VERIFY_ORDERED, 1, 0,
     0},
    {"purged by order: all", purge_all, 1, SPBE_VERIFY_ORDERED, 1, 0, 0},
    {"details purged, all ordered", purge_details_of_all, 1,
     SPBE_VERIFY_ORDERED, 1, 0, 0},
    {"all purged, details ordered", purge_too_much, 1, SPBE_VERIFY_PURGED, 1, 0,
     2},
    {"ordered before it was a day old", purge_young, 1, SPBE_VERIFY_PURGED, 1,
     0, 2},
    {"order without its first group", purge_from, 1, SPBE_VERIFY_PURGED, 1, 0,
     1},
    {"order without its last group", purge_to, 1, SPBE_VERIFY_PURGED, 0, 0, 1},
    {"order of later addresses", purge_first, 1, SPBE_VERIFY_PURGED, 1, 0, 1},
    {"order of fewer addresses", purge_behind, 1, SPBE_VERIFY_PURGED, 0, 0, 1},
    {"order for what is older", purge_before, 1, SPBE_VERIFY_PURGED, 1, 0, 2},
    {"ordered with the date of tomorrow", purge_tomorrow, 1, SPBE_VERIFY_PURGED,
     1, 0, 2},
    {"dated tomorrow", dated_tomorrow, 1, SPBE_VERIFY_FUTURE, GROUPS + 1,
     GROUPS + 1, 0},
    {"one body out of a segment, ordered", one_body_by_order, 1,
     SPBE_VERIFY_PURGED, 9, 9, 1},
    {"one group out of a segment, ordered", one_group_by_order, 1,
     SPBE_VERIFY_PURGED, 9, 9, 1},
    {"the last segment, ordered", last_segment_by_order, 1, SPBE_VERIFY_PURGED,
     0, 0, -1},
    {"purged under a hold", purge_held, 1, SPBE_VERIFY_HELD, 1, 0, 2},
    {"purged after a hold", purge_released, 1, SPBE_VERIFY_ORDERED, 1, 0, 0},
    {"order before the groups", order_before, 1, SPBE_VERIFY_PURGED, 0, 0, -1},
};

static spbe_verify_report_t *verify(const unsigned char *first, int heads)
{
    apr_array_header_t *known = apr_array_make(pool, 8, sizeof(spbe_head_t));
    spbe_verify_report_t *report;
    spbe_source_t source;
    int i, n = (int)made.n;

    /* The verifier's own clock is right. */
    wall_shift = wall_shift < 0 ? 0 : wall_shift;
    /* from the end, as they come in a log that is read upwards */
    for (i = n - 1; i >= 0 && n - i <= heads; i--) {
        APR_ARRAY_PUSH(known, spbe_head_t) = made.heads[i];
    }
    assert_int_equal(spbe_source_folder(&source, dir, pool), APR_SUCCESS);
    assert_int_equal(spbe_verify(&source, first, known, &report, pool),
                     APR_SUCCESS);
    return report;
}

static const char *describe(const spbe_verify_report_t *report)
{
    const char *text = "";
    int i;

    for (i = 0; i < report->findings->nelts; i++) {
        const spbe_verify_finding_t *f =
            &APR_ARRAY_IDX(report->findings, i, spbe_verify_finding_t);

        text =
            apr_psprintf(pool, "%s%s%s %d-%d", text, i == 0 ? "" : ", ",
                         spbe_verify_name(f->kind), (int)f->from, (int)f->upto);
    }
    return text;
}

static void check_row(const row_t *row, const spbe_verify_report_t *report)
{
    const spbe_verify_finding_t *first =
        report->findings->nelts == 0
            ? NULL
            : &APR_ARRAY_IDX(report->findings, 0, spbe_verify_finding_t);

    print_message("%-40s %s\n", row->label, describe(report));
    if (row->kind == NO_KIND) {
        assert_null(first);
    }
    else {
        assert_non_null(first);
        assert_int_equal(first->kind, row->kind);
        assert_true(row->from == 0 || first->from == row->from);
        assert_true(row->upto == 0 || first->upto == row->upto);
    }
    if (row->broken < 0) {
        assert_true(report->broken > 0);
    }
    else {
        assert_int_equal(report->broken, row->broken);
    }
}

static void verify_attacks(void **state)
{
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        unsigned char first[SPBE_SIGNER_SIZE];

        begin();
        first_key(first);
        shell("cp %s/sign.key %s/minute.key", dir, dir);
        rows[i].attack();
        check_row(&rows[i], verify(first, rows[i].heads));
        end();
    }
}

static void verify_wrong_key(void **state)
{
    unsigned char first[SPBE_SIGNER_SIZE];
    spbe_verify_report_t *report;
    int bit;

    begin();
    first_key(first);
    close_writer(&made);
    for (bit = 0; bit < 256; bit += 37) {
        first[bit / 8] ^= (unsigned char)(1 << bit % 8);
        report = verify(first, 1);
        assert_int_equal(report->broken, 1);
        assert_string_equal(describe(report), "wrong-key 1-1");
        first[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    /* Of the signer of today, who made none of the first groups. */
    memset(first, 0, sizeof(first));
    assert_true(verify(first, 1)->broken > 0);
    /* Also where the start is gone. */
    first_key(first);
    first[0] ^= 1;
    open_writer(&made);
    remove_start();
    report = verify(first, 1);
    assert_non_null(strstr(describe(report), "wrong-key"));
    end();
}

static void verify_names_orders(void **state)
{
    unsigned char first[SPBE_SIGNER_SIZE];
    const spbe_verify_report_t *report;

    begin();
    first_key(first);
    purge_among_notes();
    report = verify(first, 1);
    assert_int_equal(report->broken, 0);
    assert_int_equal(report->note, 61);
    assert_int_equal(report->orders, 1);
    assert_non_null(strstr(describe(report), "ordered 1-"));
    end();
}

/* The same archive out of a database, which knows no torn tails. */
static apr_status_t next_stored(void *baton, spbe_source_piece_t *piece)
{
    const spbe_source_t *folder = baton;
    apr_status_t rv = folder->next(folder->baton, piece);

    piece->segment = SPBE_SOURCE_DATABASE;
    return rv;
}

static apr_status_t seek_stored(void *baton, apr_uint64_t offset)
{
    const spbe_source_t *folder = baton;

    return folder->seek(folder->baton, offset);
}

static void verify_database(void **state)
{
    unsigned char first[SPBE_SIGNER_SIZE];
    spbe_verify_report_t *report;
    spbe_source_t folder;
    spbe_source_t source = {next_stored, seek_stored, &folder};
    int torn;

    for (torn = 0; torn < 2; torn++) {
        begin();
        first_key(first);
        (torn ? torn_tail : nothing)();
        assert_int_equal(spbe_source_folder(&folder, dir, pool), APR_SUCCESS);
        assert_int_equal(spbe_verify(&source, first, NULL, &report, pool),
                         APR_SUCCESS);
        assert_string_equal(describe(report),
                            torn ? "signature 25-25, no-head 0-0"
                                 : "no-head 0-0");
        end();
    }
}

static void verify_counts(void **state)
{
    unsigned char first[SPBE_SIGNER_SIZE];
    spbe_verify_report_t *report;

    begin();
    first_key(first);
    come_twice();
    report = verify(first, 99);
    assert_int_equal(report->groups, GROUPS + 1);
    assert_int_equal(report->duplicates, 2);
    assert_int_equal(report->entries, GROUPS * RECORDS + 2 + report->segments);
    assert_in_range(report->segments, 4, GROUPS);
    assert_int_equal(report->head.group, GROUPS + 1);
    assert_memory_equal(report->head.hash, made.heads[GROUPS].hash,
                        SPBE_HASH_SIZE);
    assert_int_equal(report->heads, GROUPS + 1);
    assert_int_equal(report->confirmed.group, GROUPS + 1);
    assert_string_equal(report->node, "kantor-1");
    assert_memory_equal(report->first, first, SPBE_SIGNER_SIZE);
    end();
}

/* More is wrong than there is room to say: counted, and the rest is named. */
static void verify_many(void **state)
{
    unsigned char first[SPBE_SIGNER_SIZE];
    spbe_verify_report_t *report;
    int i, n;

    begin();
    first_key(first);
    for (n = 0; n < 12; n++) {
        made.n = 0;
        write_groups(&made, GROUPS);
    }
    open_piece(1);
    for (i = n = 0; i < files->nelts; i++) {
        file_t *one = &APR_ARRAY_IDX(files, i, file_t);
        int k;

        for (k = 0; k < one->pieces->nelts; k++, n++) {
            piece_t *piece = &APR_ARRAY_IDX(one->pieces, k, piece_t);

            piece->entries =
                replace(piece->entries, "\"kind\":\"error\"", "\"kind\":\"e\"");
        }
    }
    save(files);
    report = verify(first, 0);
    assert_int_equal(n, 13 * GROUPS);
    assert_int_equal(report->broken, n);
    assert_true(report->findings->nelts <= SPBE_VERIFY_FINDINGS + 1);
    assert_int_equal(
        APR_ARRAY_IDX(report->findings, 0, spbe_verify_finding_t).from, 1);
    end();
}

/* More writers than there is room for: what the first of them lost is said all
 * the same, once, and one that comes back has lost nothing by that. */
static void verify_many_writers(void **state)
{
    unsigned char first[SPBE_SIGNER_SIZE];
    const spbe_verify_report_t *report;
    spbe_buf_t buf;
    unsigned n;

    begin();
    first_key(first);
    lose_numbers();
    open_writer(&made);
    spbe_archive_limits(made.archive, (apr_uint64_t)1 << 30, DAY);
    for (n = 0; n < SPBE_SEEN_WRITERS + 1000; n += 1000) {
        unsigned i;

        spbe_buf_init(&buf, 1 << 18, pool);
        for (i = n; i < n + 1000; i++) {
            spbe_entry_add_line(
                &buf, apr_time_now(),
                spbe_span_from(apr_psprintf(
                    pool,
                    "{\"v\":1,\"w\":\"e%u\",\"s\":1,\"id\":\"01a1ff81-1a3b-"
                    "7fce-b924-bdd08d196330\",\"p\":1,\"n\":1,\"k\":\"\","
                    "\"h\":{},\"d\":\"\"}",
                    i)));
        }
        made.n = 0;
        append(&made, spbe_buf_span(&buf));
    }
    write_groups(&made, 1);
    wall_shift += 120;
    up_shift += 120;
    write_groups(&made, 1);
    close_writer(&made);
    report = verify(first, 1);
    assert_int_equal(report->broken, 0);
    assert_int_equal(report->lost, 4);
    assert_string_equal(describe(report), "lost 73-76");
    end();
}

static int setup(void **state)
{
    apr_initialize();
    return apr_pool_create(&pool, NULL) != APR_SUCCESS;
}

static int teardown(void **state)
{
    apr_pool_destroy(pool);
    apr_terminate();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verify_attacks),
        cmocka_unit_test(verify_wrong_key),
        cmocka_unit_test(verify_names_orders),
        cmocka_unit_test(verify_database),
        cmocka_unit_test(verify_counts),
        cmocka_unit_test(verify_many),
        cmocka_unit_test(verify_many_writers),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
