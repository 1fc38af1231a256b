/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/shorten.h - of faults that are the same a few have details, the others
 * point to one that has.
 *
 * Every one has its line with its reference, so that each is found and counted;
 * what costs time and room is left out.
 */
#ifndef SPBE_HTTPD_SHORTEN_H
#define SPBE_HTTPD_SHORTEN_H

#include <httpd.h>

#include "httpd/shm.h"
#include "record/record.h"

/* 1: there were SpbeGuardDetailRate of its fingerprint within the minute; it
 * has no details any more, and record->of names one that has. */
int spbe_shorten(request_rec *r, spbe_record_t *record);

/* In the parent, now and then. */
void spbe_shorten_sweep(spbe_shm_t *shm);

#endif
