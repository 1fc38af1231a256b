/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/hpke_int.h - what the published test vectors need of hpke.c.
 *
 * Never to be used otherwise: a text sealed twice from one ephemeral key can
 * be read.
 */
#ifndef SPBE_RECORD_HPKE_INT_H
#define SPBE_RECORD_HPKE_INT_H

#include "record/hpke.h"

/* spbe_hpke_seal with an ephemeral private key that is given. */
spbe_rc_t spbe_hpke_seal_from(const unsigned char ephemeral[SPBE_HPKE_KEY],
                              const unsigned char to[SPBE_HPKE_KEY],
                              spbe_span_t info, spbe_span_t aad,
                              spbe_span_t plain,
                              unsigned char enc[SPBE_HPKE_ENC],
                              unsigned char *out);

#endif
