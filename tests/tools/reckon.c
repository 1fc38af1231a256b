/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/tools/reckon.c - compares what writers say they gave with what is in an
 * archive.
 *
 * reckon [--lost MIN:MAX] [--malformed N] [--key PEM]... [--index DSN]
 *        [--refs FILE] [--thin] HOME TRUTH...
 *
 * Prints one line; 0 when every accepted record is found unaltered or reported
 * lost with its number, no more are lost than MAX and no less than MIN (0:0),
 * and just N entries (0; "any") are malformed. With --index (DSN "file": that
 * of HOME) the database must have the same records; with --refs every reference
 * of FILE must be that of a record, unless records are lost; --thin: details
 * may be missing, and somewhere are. Says what differs, the first of each kind.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "../faults/tally.h"
#include "store/archive.h"
#include "store/query.h"

#define ANY (~0ULL)

typedef struct reckon {
    spbe_unseal_t *unseal;
    const char *index, *refs; /* NULL: not looked at */
    int thin;                 /* some must be without details; else none may */
    unsigned long long lost_min, lost_max, malformed;
    apr_pool_t *pool;
} reckon_t;

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "reckon: %s: %s\n", what, why);
    exit(2);
}

static void fail_with(const char *what, apr_status_t rv)
{
    char text[160];

    fail(what, apr_strerror(rv, text, sizeof(text)));
}

static void add_key(reckon_t *r, const char *path)
{
    const char *why = "";

    if (r->unseal == NULL) {
        r->unseal = spbe_unseal_create(r->pool);
    }
    if (spbe_unseal_add_key(r->unseal, path, NULL, NULL, &why) != SPBE_OK) {
        fail(path, why);
    }
}

static int read_options(reckon_t *r, int argc, char **argv)
{
    static const struct option options[] = {
        {"lost", 1, NULL, 'l'}, {"malformed", 1, NULL, 'm'},
        {"key", 1, NULL, 'k'},  {"index", 1, NULL, 'i'},
        {"refs", 1, NULL, 'r'}, {"thin", 0, NULL, 't'},
        {NULL, 0, NULL, 0}};
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'k') {
            add_key(r, optarg);
        }
        else if (option == 'i') {
            r->index = optarg;
        }
        else if (option == 't') {
            r->thin = 1;
        }
        else if (option == 'r') {
            r->refs = optarg;
        }
        else if (option == 'm') {
            r->malformed =
                strcmp(optarg, "any") == 0 ? ANY : strtoull(optarg, NULL, 10);
        }
        else if (option != 'l' ||
                 sscanf(optarg, "%llu:%llu", &r->lost_min, &r->lost_max) != 2) {
            return 0;
        }
    }
    return optind + 1 < argc;
}

static void read_archive(tally_t *tally, const char *home, apr_pool_t *pool)
{
    spbe_archive_t *archive;
    spbe_archive_reader_t *reader;
    spbe_entry_t entry;
    apr_status_t rv;

    rv = spbe_archive_open(&archive, home, SPBE_ARCHIVE_READ, pool);
    if (rv != APR_SUCCESS) {
        fail_with(home, rv);
    }
    reader = spbe_archive_reader(archive, 0, pool);
    while ((rv = spbe_archive_next(reader, &entry)) == APR_SUCCESS) {
        tally_entry(tally, &entry);
    }
    if (rv != APR_EOF) {
        fail_with(home, rv);
    }
}

static int take_row(void *baton, const spbe_row_t *row, apr_pool_t *pool)
{
    if (row->complete) {
        tally_row(baton, row->writer, row->seq);
    }
    return 0;
}

static void read_index(const reckon_t *r, tally_t *tally, const char *home)
{
    const char *dsn = strcmp(r->index, "file") == 0 ? NULL : r->index;
    spbe_filter_t ours = {.application = "muat"};
    spbe_database_t *database;

    tally->wants_index = 1;
    if (spbe_database_open(&database, home, dsn, SPBE_DATABASE_READ, r->pool) !=
            APR_SUCCESS ||
        spbe_query_records(database, &ours, take_row, tally, r->pool) !=
            APR_SUCCESS) {
        fail("index", spbe_database_error(database));
    }
}

static void read_refs(tally_t *tally, const char *path)
{
    FILE *file = fopen(path, "r");
    char ref[64];

    if (file == NULL) {
        fail(path, "cannot be opened");
    }
    while (fscanf(file, "%63s", ref) == 1) {
        tally_ref(tally, ref);
    }
    fclose(file);
}

static int is_fine(const reckon_t *r, const tally_counts_t *n)
{
    return n->accepted > 0 && n->accepted == n->found + n->lost &&
           n->missing == 0 && n->altered == 0 && n->both == 0 &&
           n->unnumbered == 0 && n->unindexed == 0 && n->unread <= n->lost &&
           (n->thin > 0) == r->thin &&
           (r->malformed == ANY || n->malformed == r->malformed) &&
           n->lost >= r->lost_min && n->lost <= r->lost_max;
}

static void print(const tally_counts_t *n)
{
    printf("accepted %llu found %llu duplicate %llu spilled %llu lost %llu",
           (unsigned long long)n->accepted, (unsigned long long)n->found,
           (unsigned long long)n->duplicate, (unsigned long long)n->spilled,
           (unsigned long long)n->lost);
    printf(" missing %llu altered %llu malformed %llu longest %.3f s",
           (unsigned long long)n->missing, (unsigned long long)n->altered,
           (unsigned long long)n->malformed, (double)n->longest / 1e6);
    if (n->both + n->unnumbered > 0) {
        printf(" (%llu found and reported lost, %llu lost without number)",
               (unsigned long long)n->both, (unsigned long long)n->unnumbered);
    }
    if (n->thin > 0) {
        printf(" %llu without details", (unsigned long long)n->thin);
    }
    if (n->unread > 0) {
        printf(" %llu references without record",
               (unsigned long long)n->unread);
    }
    if (n->indexed + n->unindexed > 0) {
        printf(" indexed %llu unindexed %llu", (unsigned long long)n->indexed,
               (unsigned long long)n->unindexed);
    }
    putchar('\n');
}

int main(int argc, char **argv)
{
    reckon_t r = {0};
    tally_t *tally;
    int i;

    apr_initialize();
    apr_pool_create(&r.pool, NULL);
    if (!read_options(&r, argc, argv)) {
        fprintf(stderr,
                "reckon [--lost MIN:MAX] [--malformed N] [--key PEM]... "
                "[--index DSN] [--refs FILE] [--thin] HOME TRUTH...\n");
        return 2;
    }
    tally = tally_create(r.unseal, r.pool);
    for (i = optind + 1; i < argc; i++) {
        truth_t *truth = truth_open(argv[i]);

        if (truth == NULL) {
            perror(argv[i]);
            return 2;
        }
        tally_truth(tally, truth);
    }
    read_archive(tally, argv[optind], r.pool);
    if (r.refs != NULL) {
        read_refs(tally, r.refs);
    }
    if (r.index != NULL) {
        read_index(&r, tally, argv[optind]);
    }
    tally_finish(tally);
    print(&tally->counts);
    return !is_fine(&r, &tally->counts);
}
