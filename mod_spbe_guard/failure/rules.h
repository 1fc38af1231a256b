/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/rules.h - what a leak looks like, as data.
 *
 * Rules are read from JSON (conf/rules/leak-*.json; format: conf/rules/README
 * .md) and compiled once, at configuration time. Literals find, a PCRE2
 * expression confirms around the find. A compiled set is immutable and shared
 * by all threads; what a thread writes to while matching is in its
 * spbe_scratch_t.
 */
#ifndef SPBE_FAILURE_RULES_H
#define SPBE_FAILURE_RULES_H

#include "text/span.h"

typedef enum spbe_severity {
    SPBE_SEV_FATAL = 0,  /* the response is replaced */
    SPBE_SEV_NOTICE = 1  /* the text is cut out, the rest stays */
} spbe_severity_t;

typedef struct spbe_rule {
    const char *id;          /* "php-fatal-html" */
    const char *runtime;     /* "php", "python", "mysql", "apache" ... */
    const char *kind;        /* trace exception debug-page database notice
                                server-page */
    spbe_severity_t severity;
    unsigned weight;         /* 100: enough alone; less: distinct rules add up */
    unsigned min_status;     /* counts only from this status on; 0 always */
    int quoted_counts;       /* also inside marked-up code samples */
    size_t back, ahead;      /* bytes around the literal the regex may see */
} spbe_rule_t;

typedef struct spbe_rules spbe_rules_t;
typedef struct spbe_scratch spbe_scratch_t;

/* An empty set. Lives as long as pool; compiled parts are freed with it. */
spbe_rules_t *spbe_rules_create(apr_pool_t *pool);

/*
 * Adds the rules of one JSON text. name is what messages call it (a file
 * name). NULL when all is well; else a sentence "name:line:column: what is
 * wrong and what is allowed", allocated in the set's pool.
 */
const char *spbe_rules_add(spbe_rules_t *rules, const char *name,
                           spbe_span_t json);

/*
 * Compiles everything added. Called once, after the last add. NULL or an
 * error text. With force_slow, or on a CPU that Vectorscan does not support,
 * the slower matcher is used; spbe_rules_matcher then returns "portable",
 * else "vectorscan".
 */
const char *spbe_rules_compile(spbe_rules_t *rules, int force_slow);
const char *spbe_rules_matcher(const spbe_rules_t *rules);

/* By index 0 .. count-1, in the order they were added. */
size_t spbe_rules_count(const spbe_rules_t *rules);
const spbe_rule_t *spbe_rules_at(const spbe_rules_t *rules, size_t i);

/*
 * Scratch space of one thread, made outside of pools (malloc) because threads
 * end on their own. NULL when memory is short.
 */
spbe_scratch_t *spbe_scratch_create(const spbe_rules_t *rules);
void spbe_scratch_destroy(spbe_scratch_t *scratch);

#endif
