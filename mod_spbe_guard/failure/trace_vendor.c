/* SPDX-License-Identifier: Apache-2.0 */
/*
 * failure/trace_vendor.c - is a frame the application's own or a library's?
 *
 * By the places where package managers, distributions and languages put what
 * is not the application. A frame without any of these is the application's.
 */
#include "failure/trace_int.h"

#include <string.h>

/* Anywhere in the file's path. */
static const char *const PARTS[] = {
    "/vendor/",
    "\\vendor\\",
    "node_modules/",
    "node_modules\\",
    "site-packages/",
    "site-packages\\",
    "dist-packages/",
    "/usr/lib/python",
    "/usr/local/lib/python",
    "/usr/share/php/",
    "/usr/lib/php/",
    "/gems/",
    "/usr/lib/ruby/",
    "/ruby/3.",
    "/ruby/2.",
    "/perl5/",
    "/usr/share/perl",
    "/usr/lib/x86_64-linux-gnu/perl",
    "/usr/local/share/perl",
    "/usr/local/lib/x86_64-linux-gnu/perl",
    "/go/pkg/mod/",
    "/usr/local/go/",
    "/usr/lib/go-",
    "/usr/share/go-",
    "/.cargo/registry/",
    "/rustc/",
    "/wp-includes/",
    "/wp-admin/",
    "/system/core/",
    "/system/database/",
    "/system/libraries/",
    "/system/helpers/",
    "/codeigniter4/",
    "SYSTEMPATH",
    "/core/lib/Drupal/",
    "/typo3/sysext/",
    "/libraries/src/",
    "/yiisoft/",
    "/yii2/",
    "/cakephp/",
    "/.pyenv/versions/",
    "/lib/python3",
    "/lib/python2",
    "/lib64/python",
    "/rubygems/",
    "/bundler/",
    "/webpack/bootstrap",
    ") lib/",
    "/.pnpm/",
    "/internal/process/",
    "/libc.so",
    "/libc-",
    "/libpthread",
    "/csu/",
    "/sysdeps/",
    "/asan/",
    "libasan",
    "libstdc++",
    "/usr/share/lua/",
    "/usr/local/openresty/lualib/",
    "/.nuget/packages/",
};

/* At the beginning of the file's path. */
static const char *const FILES[] = {
    "vendor/",
    "node:",
    "internal/",
    "<frozen ",
    "library/std/",
    "library/core/",
    "library/alloc/",
    "[C]",
    "/usr/lib/",
    "/lib/",
    "/lib64/",
    "/usr/include/",
    "system/core/",
    "system/database/",
    "system/libraries/",
    "<internal:",
    "/_/src/",
    "src/libstd/",
    "events.js",
    "module.js",
    "_stream_",
    "net.js",
    "_http_",
    "timers.js",
    "ext:",
    "deno:",
    "bun:",
    "next/dist/",
    "/rust/deps/",
    "phar://",
    "<anonymous>",
    "native",
};

/* At the beginning of the function's name (with package or namespace). */
static const char *const FUNCTIONS[] = {
    "java.",
    "javax.",
    "jakarta.",
    "jdk.",
    "sun.",
    "com.sun.",
    "org.apache.",
    "org.springframework.",
    "org.hibernate.",
    "org.eclipse.jetty.",
    "org.postgresql.",
    "com.mysql.",
    "org.mariadb.",
    "com.ibm.",
    "oracle.",
    "com.zaxxer.",
    "io.netty.",
    "io.undertow.",
    "org.jboss.",
    "org.thymeleaf.",
    "com.fasterxml.",
    "reactor.",
    "kotlin.",
    "kotlinx.",
    "scala.",
    "akka.",
    "play.",
    "io.quarkus.",
    "io.vertx.",
    "io.micronaut.",
    "groovy.",
    "org.codehaus.",
    "org.junit.",
    "com.google.",
    "org.glassfish.",
    "org.h2.",
    "org.sqlite.",
    "net.sf.cglib.",
    "org.aspectj.",
    "feign.",
    "okhttp3.",
    "System.",
    "Microsoft.",
    "Npgsql.",
    "MySql.Data.",
    "MySqlConnector.",
    "Newtonsoft.",
    "Oracle.",
    "Dapper.",
    "lambda_method",
    "Illuminate\\",
    "Symfony\\",
    "Doctrine\\",
    "CodeIgniter\\",
    "Slim\\",
    "Laminas\\",
    "GuzzleHttp\\",
    "yii\\",
    "Cake\\",
    "Drupal\\Core\\",
    "Twig\\",
    "runtime.",
    "runtime/",
    "net/http.",
    "reflect.",
    "database/sql.",
    "encoding/",
    "github.com/gin-gonic/",
    "testing.",
    "created by net/http",
    "std::",
    "core::",
    "alloc::",
    "rust_begin_unwind",
    "__rust_",
    "tokio::",
    "hyper::",
    "actix_",
    "axum::",
    "<core::",
    "<alloc::",
    "<std::",
    "node::",
    "v8::",
    "__libc_",
    "_start",
    "__asan",
    "__interceptor",
    "__GI_",
    "[internal function]",
    "process.processTicksAndRejections",
    "processTicksAndRejections",
    "Mojo::",
    "Mojolicious",
    "Plack::",
    "Catalyst::",
    "Dancer2::Core",
    "DBI::",
    "DBD::",
    "HTTP::Server::",
    "ActionController::",
    "ActiveRecord::",
    "Rack::",
    "Puma::",
};

static int begins(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

static int file_of_vendor(const char *file)
{
    size_t i;

    /* Debian's place for the administrator's own programs */
    if (begins(file, "/usr/lib/cgi-bin/")) {
        return 0;
    }
    for (i = 0; i < sizeof(PARTS) / sizeof(*PARTS); i++) {
        if (strstr(file, PARTS[i]) != NULL) {
            return 1;
        }
    }
    for (i = 0; i < sizeof(FILES) / sizeof(*FILES); i++) {
        if (begins(file, FILES[i])) {
            return 1;
        }
    }
    return 0;
}

int spbe_trace_vendor(const char *file, const char *function)
{
    size_t i;

    if (file != NULL && file_of_vendor(file)) {
        return 1;
    }
    /* A path of the application's own settles it for PHP, whose frames name
     * the function that was called and not the one that calls. */
    if (function == NULL || (file != NULL && strstr(file, ".php") != NULL)) {
        return 0;
    }
    for (i = 0; i < sizeof(FUNCTIONS) / sizeof(*FUNCTIONS); i++) {
        if (begins(function, FUNCTIONS[i])) {
            return 1;
        }
    }
    return 0;
}
