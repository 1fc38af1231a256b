/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/contact.h - the contact line of the page.
 *
 * Free text of the administrator in which the words that begin with mailto:,
 * tel: or https:// are links.
 */
#ifndef SPBE_FAILURE_CONTACT_H
#define SPBE_FAILURE_CONTACT_H

#include "text/span.h"

/* Escaped HTML with links. */
spbe_span_t spbe_contact_html(const char *contact, apr_pool_t *pool);
/* Without the words mailto: and tel:, for the other formats. */
spbe_span_t spbe_contact_text(const char *contact, apr_pool_t *pool);

#endif
