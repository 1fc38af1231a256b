/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/ask.c - questions to whoever sits at the terminal. See ask.h.
 */
#include "ctl/ask.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>
#include <apr_strings.h>
#include <openssl/crypto.h>
#include "ctl/ctl.h"
#include "text/visible.h"

#define SHORTEST 12

int spbe_ask_can(void)
{
    return isatty(STDIN_FILENO);
}

const char *spbe_ask_line(const char *question, const char *otherwise,
                          apr_pool_t *pool)
{
    char line[SPBE_ASK_MAX];
    spbe_span_t text;

    printf("%s%s%s%s ", question, otherwise[0] == '\0' ? "" : " [", otherwise,
           otherwise[0] == '\0' ? "" : "]");
    fflush(stdout);
    if (fgets(line, sizeof(line), stdin) == NULL) {
        putchar('\n');
        return otherwise;
    }
    text = spbe_span_trim(spbe_span_from(line));
    return text.len == 0 ? otherwise : spbe_span_dup(text, pool);
}

int spbe_ask_yes(const char *question, int otherwise, apr_pool_t *pool)
{
    static const char *const words[] = {"y", "ya", "yes"};
    const char *answer =
        spbe_ask_line(question, otherwise ? "Y/t" : "y/T", pool);
    size_t i;

    if (strchr(answer, '/') != NULL) {
        return otherwise;
    }
    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasecmp(answer, words[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

/* One line without its end; -1: nothing, or longer than there is room for. */
static int read_secret(int fd, char *text, size_t size)
{
    size_t len = 0;

    for (;;) {
        char c;
        ssize_t n = read(fd, &c, 1);

        if (n != 1) {
            return n == 0 && len > 0 ? (int)len : -1;
        }
        if (c == '\n') {
            break;
        }
        if (len == size) {
            return -1;
        }
        text[len++] = c;
    }
    if (len > 0 && text[len - 1] == '\r') {
        len--;
    }
    return (int)len;
}

static int from_file(const char *file, char *text, size_t size)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC), len;

    if (fd == -1) {
        spbe_ctl_fail(0, "cannot read the passphrase file %s", file);
        return -1;
    }
    len = read_secret(fd, text, size);
    close(fd);
    return len;
}

static int from_terminal(const char *question, const char *path, char *text,
                         size_t size)
{
    int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC), len;
    struct termios old, quiet;

    if (fd == -1) {
        spbe_ctl_fail(0,
                      "%s has a passphrase and there is no terminal to ask "
                      "for it on; see --passphrase-file",
                      path);
        return -1;
    }
    dprintf(fd, "%s %s: ", question, path);
    if (tcgetattr(fd, &old) == -1) {
        close(fd);
        return -1;
    }
    quiet = old;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(fd, TCSAFLUSH, &quiet);
    len = read_secret(fd, text, size);
    tcsetattr(fd, TCSAFLUSH, &old);
    dprintf(fd, "\n");
    close(fd);
    return len;
}

int spbe_ask_passphrase(void *baton, const char *path, char *text, size_t size)
{
    const spbe_ask_source_t *source = baton;

    return source->file != NULL
               ? from_file(source->file, text, size)
               : from_terminal("Frasa sandi (passphrase)", path, text, size);
}

static int ask_twice(const char *path, char *text, size_t size)
{
    char again[SPBE_ASK_MAX];
    int len = from_terminal("Frasa sandi baru, kosong: tanpa (new passphrase, "
                            "empty: none)",
                            path, text, size);
    int same;

    if (len <= 0) {
        return len;
    }
    same = from_terminal("Sekali lagi (once more)", path, again,
                         sizeof(again)) == len &&
           CRYPTO_memcmp(text, again, (size_t)len) == 0;
    OPENSSL_cleanse(again, sizeof(again));
    if (!same) {
        spbe_ctl_fail(0, "the two passphrases are not the same");
    }
    return same ? len : -1;
}

int spbe_ask_new_passphrase(const spbe_ask_source_t *source, const char *path,
                            char *text, size_t size)
{
    int len = source->file != NULL ? from_file(source->file, text, size)
              : spbe_ask_can()     ? ask_twice(path, text, size)
                                   : 0;

    if (len > 0 && len < SHORTEST) {
        spbe_ctl_fail(0, "a passphrase has %d characters or more", SHORTEST);
        return -1;
    }
    return len;
}
