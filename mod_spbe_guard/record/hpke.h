/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/hpke.h - hybrid public-key encryption (RFC 9180), base mode, single
 * shot, with one suite: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
 *
 * Keys are raw, as RFC 7748 writes them.
 */
#ifndef SPBE_RECORD_HPKE_H
#define SPBE_RECORD_HPKE_H

#include "text/rc.h"
#include "text/span.h"

#define SPBE_HPKE_KEY 32 /* bytes of a public and of a private key */
#define SPBE_HPKE_ENC 32 /* bytes of the encapsulated key */
#define SPBE_HPKE_TAG 16 /* what a sealed text is longer */

/* out: plain.len + SPBE_HPKE_TAG bytes. SPBE_BAD: the key is no usable point
 * (RFC 7748 section 6.1), or memory is short. */
spbe_rc_t spbe_hpke_seal(const unsigned char to[SPBE_HPKE_KEY],
                         spbe_span_t info, spbe_span_t aad, spbe_span_t plain,
                         unsigned char enc[SPBE_HPKE_ENC], unsigned char *out);

/* out: sealed.len - SPBE_HPKE_TAG bytes. SPBE_BAD: not sealed to this key, or
 * altered. */
spbe_rc_t spbe_hpke_open(const unsigned char private_key[SPBE_HPKE_KEY],
                         const unsigned char enc[SPBE_HPKE_ENC],
                         spbe_span_t info, spbe_span_t aad, spbe_span_t sealed,
                         unsigned char *out);

/* The public key of a private one. */
spbe_rc_t spbe_hpke_public(const unsigned char private_key[SPBE_HPKE_KEY],
                           unsigned char public_key[SPBE_HPKE_KEY]);

#endif
