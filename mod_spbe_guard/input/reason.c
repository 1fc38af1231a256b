/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reason.c - the table of reasons. See reason.h.
 */
#include "input/reason.h"

typedef struct row {
    const char *name;
    int status;
    spbe_action_t action;
    const char *meaning;
} row_t;

#define X(id, name, status, action, meaning)                                 \
    [SPBE_REASON_##id] = { name, status, SPBE_ACTION_##action, meaning },
static const row_t rows[SPBE_REASONS] = { SPBE_MALFORMED(X) SPBE_INVALID(X) };
#undef X

static const row_t *row(spbe_reason_t reason)
{
    static const row_t none = { "", 0, SPBE_ACTION_ALLOW, "" };

    return reason > SPBE_REASON_NONE && reason < SPBE_REASONS
                   && rows[reason].name != NULL
               ? &rows[reason]
               : &none;
}

const char *spbe_reason_name(spbe_reason_t reason)
{
    return row(reason)->name;
}

int spbe_reason_status(spbe_reason_t reason)
{
    return row(reason)->status;
}

spbe_action_t spbe_reason_default(spbe_reason_t reason)
{
    return row(reason)->action;
}

const char *spbe_reason_meaning(spbe_reason_t reason)
{
    return row(reason)->meaning;
}

spbe_reason_t spbe_reason_find(spbe_span_t name)
{
    int i;

    for (i = SPBE_REASON_NONE + 1; i < SPBE_REASONS; i++) {
        if (rows[i].name != NULL
            && spbe_span_ieq(name, spbe_span_from(rows[i].name))) {
            return (spbe_reason_t)i;
        }
    }
    return SPBE_REASON_NONE;
}
