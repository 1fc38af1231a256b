/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/upload.h - is a file what it says it is? Name, extension, declared
 * type and content (libmagic) must agree; images must have a sane size.
 *
 * Looks at the first bytes only, never unpacks.
 */
#ifndef SPBE_INPUT_UPLOAD_H
#define SPBE_INPUT_UPLOAD_H

#include "input/policy.h"
#include "input/reading.h"
#include "input/settings.h"

typedef struct spbe_magic spbe_magic_t; /* of one thread */

/* NULL when libmagic's data cannot be loaded. Closed with pool. */
spbe_magic_t *spbe_magic_open(apr_pool_t *pool);
/* "application/pdf"; "application/octet-stream" when nothing fits. */
const char *spbe_magic_type(spbe_magic_t *magic, spbe_span_t content);

/* rule: NULL where no policy speaks of the file; then the name and dangerous
 * disguises are judged. NULL magic with a rule about types: SPBE_REASON_ENGINE.
 */
void spbe_upload_check(const spbe_field_t *file, const spbe_file_rule_t *rule,
                       const spbe_about_t *about,
                       const spbe_settings_t *settings, spbe_magic_t *magic,
                       spbe_verdict_t *verdict, apr_pool_t *pool);

/* Width and height of PNG, JPEG, GIF, WebP, BMP from its first bytes: 1. */
int spbe_image_size(spbe_span_t content, apr_uint32_t *width,
                    apr_uint32_t *height);

#endif
