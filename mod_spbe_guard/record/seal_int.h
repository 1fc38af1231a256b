/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record/seal_int.h - inside of a sealer, for seal.c and its test: what a key
 * has seen, and that nothing is left of it.
 */
#ifndef SPBE_RECORD_SEAL_INT_H
#define SPBE_RECORD_SEAL_INT_H

#include <pthread.h>
#include <sys/types.h>
#include <openssl/evp.h>
#include "record/recipients.h"
#include "record/ref.h"
#include "record/seal.h"

/* Of a key record, with a node of this length and SPBE_RECIPIENTS_MAX. */
#define SPBE_SEAL_NODE_MAX 64
#define SPBE_SEAL_H_MAX 700
#define SPBE_SEAL_D_MAX 4096

/* In locked memory, which is empty in a forked process. */
typedef struct spbe_content {
    unsigned char key[SPBE_SEAL_KEY];
    pid_t pid;          /* whose it is; 0: there is none */
    apr_time_t made;    /* by the clock on the wall */
    apr_time_t started; /* by one that nobody sets */
    unsigned uses;
} spbe_content_t;

struct spbe_sealer {
    pthread_mutex_t mutex;
    spbe_content_t *content;
    const spbe_recipient_t *to;
    int recipients, locked;
    const char *node;
    EVP_CIPHER *cipher;
    /* The record of the key: nothing secret. */
    int announced;
    char id[SPBE_ID_SIZE], h[SPBE_SEAL_H_MAX], d[SPBE_SEAL_D_MAX];
};

#endif
