/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/main.c - spbe-guardlog: reads records from httpd's pipe until its end
 * and keeps them.
 *
 * httpd sends SIGTERM to piped programs at every restart while its children
 * still write, so signals end nothing: only the end of the pipe does. What only
 * root can open is opened first; then nobody here is root any more.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <apr_general.h>

#include "logger/errorlog.h"
#include "logger/keeper.h"
#include "logger/sandbox.h"
#include "logger/user.h"

static void ignore_signals(void)
{
    static const int signals[] = {SIGTERM, SIGHUP,  SIGINT,
                                  SIGPIPE, SIGUSR1, SIGQUIT};
    size_t i;

    for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        signal(signals[i], SIG_IGN);
    }
}

static spbe_ledger_t *
open_ledger(apr_status_t (*open)(spbe_ledger_t **, const char *, apr_pool_t *),
            const char *dir, apr_pool_t *pool)
{
    spbe_ledger_t *ledger = NULL;

    return dir != NULL && open(&ledger, dir, pool) == APR_SUCCESS ? ledger
                                                                  : NULL;
}

static int run(const spbe_options_t *options, apr_pool_t *pool)
{
    spbe_share_t *share = spbe_share_create();
    spbe_ledger_t *ledger = open_ledger(spbe_ledger_open, options->run, pool);
    spbe_ledger_t *old = open_ledger(spbe_ledger_open_old, options->run, pool);
    const char *remark, *why = spbe_user_become(options, &remark, pool);

    if (share == NULL || why != NULL) {
        fprintf(stderr, "spbe-guardlog: cannot start: %s\n",
                why == NULL ? "out of memory" : why);
        return 1;
    }
    if (remark != NULL) {
        fprintf(stderr, "spbe-guardlog: %s\n", remark);
    }
    spbe_sandbox_all();
    return spbe_keeper_run(options, share, ledger, old, pool);
}

int main(int argc, char **argv)
{
    spbe_options_t options;
    apr_pool_t *pool;
    int code;

    if (spbe_errorlog_asked(argc, argv)) {
        return spbe_errorlog_main(argc, argv);
    }
    code = spbe_options_read(&options, argc, argv);
    if (code != SPBE_OPTIONS_GO_ON) {
        return code;
    }
    ignore_signals();
    umask(027);
    if (apr_initialize() != APR_SUCCESS ||
        apr_pool_create(&pool, NULL) != APR_SUCCESS) {
        fputs("spbe-guardlog: cannot start: out of memory\n", stderr);
        return 1;
    }
    code = run(&options, pool);
    apr_pool_destroy(pool);
    return code;
}
