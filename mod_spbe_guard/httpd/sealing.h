/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd/sealing.h - to whom details are sealed: SpbeGuardRecipients.
 *
 * Who cannot read them cannot have them: without recipients details are not
 * kept, unless the administrator has said "none" in so many words.
 */
#ifndef SPBE_HTTPD_SEALING_H
#define SPBE_HTTPD_SEALING_H

#include <httpd.h>

#include "httpd/sink.h"

/* In post_config, second pass: gives the sink its sealer, if it is to have one.
 * What is not sealed is said in the error log. */
void spbe_sealing_open(spbe_sink_t *sink, server_rec *s, apr_pool_t *pconf);

/* In child_init, after spbe_sink_child: the key of a process that has nothing
 * more to write is wiped all the same. */
void spbe_sealing_watch(const spbe_sink_t *sink, server_rec *s);

/* check_config: reads the file, so that configtest reports it; monitor. */
void spbe_sealing_hooks(apr_pool_t *p);

#endif
