/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/trigger_out.h - fields of a request on their way into the record.
 * Private to trigger*.c.
 */
#ifndef SPBE_RECORD_TRIGGER_OUT_H
#define SPBE_RECORD_TRIGGER_OUT_H

#include "record/trigger.h"
#include "text/buf.h"

typedef struct spbe_trigger_out {
    const spbe_redact_t *redact;
    const spbe_sensitive_t *sensitive;
    spbe_buf_t fields; /* JSON objects with commas between */
    unsigned n;
    unsigned dropped;
    int complete;
    apr_pool_t *pool;
} spbe_trigger_out_t;

spbe_trigger_out_t *spbe_trigger_out_create(const spbe_redact_t *redact,
                                            apr_pool_t *pool);

/* A field with a value, already decoded. */
void spbe_trigger_add(spbe_trigger_out_t *out, const char *in, spbe_span_t name,
                      spbe_span_t value);
/* A JSON value: type is given, since "1" and 1 are not the same. */
void spbe_trigger_add_typed(spbe_trigger_out_t *out, const char *in,
                            spbe_span_t name, const char *type,
                            spbe_span_t value);
/* A field of which only name and length are recorded. */
void spbe_trigger_add_name(spbe_trigger_out_t *out, const char *in,
                           spbe_span_t name, size_t length);
void spbe_trigger_add_file(spbe_trigger_out_t *out, spbe_span_t name,
                           spbe_span_t type, size_t length);

/* The leaves of a JSON body, named "alamat.kota", "items[0].nama". */
void spbe_trigger_add_json(spbe_trigger_out_t *out, spbe_span_t body);

const char *spbe_trigger_out_json(spbe_trigger_out_t *out,
                                  const spbe_trigger_input_t *in);

/* Is this part of a path an id: number, uuid, hash, long token? */
int spbe_trigger_is_id(spbe_span_t part);

#endif
