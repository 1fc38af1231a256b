/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/redact_test.c - record/redact.c: what goes and what stays.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <apr_general.h>
#include <apr_strings.h>
#include "record/redact.h"

#define X "[disamarkan]"

static apr_pool_t *pool;
static spbe_redact_t *redact;

static const char *run(const char *text)
{
    return spbe_span_dup(
        spbe_redact_text(redact, spbe_span_from(text), 0, pool), pool);
}

/* Each text with the exact result. */
static void redact_exact(void **state)
{
    static const struct {
        const char *text, *want;
    } tests[] = {
        /* digits */
        {"nik 3171012345678901 ada", "nik " X " ada"},
        {"3171 0123 4567 8901", X},
        {"3171-0123-4567-8901", X},
        {"3171.0123.4567.8901", X},
        {"NPWP 12.345.678.9-012.345!", "NPWP " X "!"},
        {"NPWP 01.234.123.4-012.000", "NPWP " X},
        {"hp +62 812-3456-7890", "hp +" X},
        {"telp (0778) 123 4567.", "telp (" X "."},
        {"kartu 4111 1111 1111 1111,", "kartu " X ","},
        {"nip 19850312 201001 1 001", "nip " X},
        {"nik=3171%200123%204567%208901&x", "nik=" X "&x"},
        {"nik=3171+0123+4567+8901&x", "nik=" X "&x"},
        {"nik3171012345678901x", "nik" X "x"},
        {"kode 123456789", "kode 123456789"},
        /* stays */
        {"[Tue Mar 04 10:22:33.123456 2026] [php:error]",
         "[Tue Mar 04 10:22:33.123456 2026] [php:error]"},
        {"2026-03-04 10:22:33.123456", "2026-03-04 10:22:33.123456"},
        {"2026-03-04T10:22:33Z 500", "2026-03-04T10:22:33Z 500"},
        {"04/03/2026 10:22", "04/03/2026 10:22"},
        {"[client 192.168.100.200:54321]", "[client 192.168.100.200:54321]"},
        {"[pid 12345:tid 140123456789012]", "[pid 12345:tid 140123456789012]"},
        {"segfault at 0x7ffd12345678901", "segfault at 0x7ffd12345678901"},
        {"Allowed memory size of 4294967296 bytes exhausted",
         "Allowed memory size of 4294967296 bytes exhausted"},
        {"id 018f2c3a-1234-7123-8123-123456789012",
         "id 018f2c3a-1234-7123-8123-123456789012"},
        {"/var/www/releases/20260304102233/app.php:12",
         "/var/www/releases/20260304102233/app.php:12"},
        {"Chrome/120.0.6099.109", "Chrome/120.0.6099.109"},
        {"in /var/www/html/app/Models/User.php on line 42",
         "in /var/www/html/app/Models/User.php on line 42"},
        {"SQLSTATE[42S02]: Base table or view not found: 1146 Table "
         "'app.pegawai' doesn't exist",
         "SQLSTATE[42S02]: Base table or view not found: 1146 Table "
         "'app.pegawai' doesn't exist"},
        {"Unknown column 'nik2' in 'field list'",
         "Unknown column 'nik2' in 'field list'"},
        {"Access denied for user 'root'@'localhost' (using password: YES)",
         "Access denied for user 'root'@'localhost' (using password: YES)"},
        {"at /app/node_modules/.pnpm/express@4.18.2/lib/router.js:12:5",
         "at /app/node_modules/.pnpm/express@4.18.2/lib/router.js:12:5"},
        {"App\\Auth\\TokenMismatchException: CSRF token mismatch.",
         "App\\Auth\\TokenMismatchException: CSRF token mismatch."},
        {"at com.foo.TokenService.check(TokenService.java:55)",
         "at com.foo.TokenService.check(TokenService.java:55)"},
        {"/app/auth/token.js:15:3", "/app/auth/token.js:15:3"},
        {"syntax error, unexpected token \";\", expecting \"]\"",
         "syntax error, unexpected token \";\", expecting \"]\""},
        {"Call to undefined method App\\Session::password()",
         "Call to undefined method App\\Session::password()"},
        {"_ZNSt6vectorIiSaIiEE9push_backEOi17h1234567890abE",
         "_ZNSt6vectorIiSaIiEE9push_backEOi17h" X "abE"},
        {"Fatal error: Class \"Foo\" not found",
         "Fatal error: Class \"Foo\" not found"},
        {"org.springframework.beans.factory.support."
         "AbstractAutowireCapableBeanFactory.createBean",
         "org.springframework.beans.factory.support."
         "AbstractAutowireCapableBeanFactory.createBean"},
        {"Connection refused http://127.0.0.1:3000/api/x",
         "Connection refused http://127.0.0.1:3000/api/x"},
        {"<b>Fatal error</b>: SELECT in <b>/x.php</b> on line <b>42</b>",
         "<b>Fatal error</b>: SELECT in <b>/x.php</b> on line <b>42</b>"},
        {"Call Stack:\n  2. a($n = 12) /x.php:2",
         "Call Stack:\n  2. a($n = 12) /x.php:2"},
        {"(8)Exec format error: exec of '/usr/lib/cgi-bin/x' failed",
         "(8)Exec format error: exec of '/usr/lib/cgi-bin/x' failed"},
        {"update the list\nImportError: cannot import name 'x' from 'y'",
         "update the list\nImportError: cannot import name 'x' from 'y'"},
        {"select one\nfrom a import b\nNo module named 'c'",
         "select one\nfrom a import b\nNo module named '" X "'"},
        {"HTTPConnectionPool(host='h', port=9): where it was (timeout=5)",
         "HTTPConnectionPool(host='h', port=9): where it was (timeout=" X ")"},
        {"Invalid command 'php_value', perhaps misspelled",
         "Invalid command 'php_value', perhaps misspelled"},
        {"Exception Value: 'nama'", "Exception Value: 'nama'"},
        {"attempt to index a nil value (local 'x')",
         "attempt to index a nil value (local 'x')"},
        {"syntax error at x.pl line 2, near \"){\"",
         "syntax error at x.pl line 2, near \"){\""},
        {"#1 /a.php(19): require_once('/var/www/b.php')",
         "#1 /a.php(19): require_once('/var/www/b.php')"},
        {"<pre class=\"exception_value\">x</pre>",
         "<pre class=\"exception_value\">x</pre>"},
        /* names and values */
        {"password=rahasia123 next", "password=" X " next"},
        {"?a=1&token=abc.def&b=2", "?a=1&token=" X "&b=2"},
        {"{\"password\":\"ra\\\"hasia\",\"b\":1}",
         "{\"password\":\"" X "\",\"b\":1}"},
        {"{\"api_key\" : \"k1\"}", "{\"api_key\" : \"" X "\"}"},
        {"['password' => 'rahasia', 'b' => 1]",
         "['password' => '" X "', 'b' => 1]"},
        {"[password] => rahasia\n[b] => 1", "[password] => " X "\n[b] => 1"},
        {"[password:protected] => rahasia\n",
         "[password:protected] => " X "\n"},
        {"[\"password\"]=>\n  string(7) \"rahasia\"",
         "[\"password\"]=>\n  string(7) \"" X "\""},
        {"{'password': 'rahasia', 'x': 1}", "{'password': '" X "', 'x': 1}"},
        {"{'passwd': b'rahasia'}", "{'passwd': b'" X "'}"},
        {"{:password=>\"rahasia\"}", "{:password=>\"" X "\"}"},
        {"{password=rahasia, user=x}", "{password=" X ", user=x}"},
        {"DB_PASSWORD=rahasia\nDB_HOST=x", "DB_PASSWORD=" X "\nDB_HOST=x"},
        {"kata_sandi: rahasia", "kata_sandi: " X},
        {"userPin=1234&pinjaman=5", "userPin=" X "&pinjaman=5"},
        {"user%5Bpassword%5D=rahasia&x=1", "user%5Bpassword%5D=" X "&x=1"},
        {"&quot;password&quot;:&quot;rahasia&quot;,",
         "&quot;password&quot;:&quot;" X "&quot;,"},
        {"\\\"password\\\":\\\"rahasia\\\",",
         "\\\"password\\\":\\\"" X "\\\","},
        {"<td>password</td><td>rahasia</td>",
         "<td>password</td><td>" X "</td>"},
        {"<password>rahasia</password>", "<password>" X "</password>"},
        {"<input type=\"password\" name=\"password\" value=\"rahasia\">",
         "<input type=\"password\" name=\"password\" value=\"" X "\">"},
        {"name=\"password\"\r\n\r\nr4hasia\r\n--b",
         "name=\"password\"\r\n\r\n" X "\r\n--b"},
        {"HTTP_COOKIE\na=b; c=d\nHOST\nx", "HTTP_COOKIE\n" X "\nHOST\nx"},
        {"--password rahasia -u x", "--password " X " -u x"},
        {"$config['db_password'] = 'rahasia';",
         "$config['db_password'] = '" X "';"},
        {"API key: abc", "API key: " X},
        {"Session ID: abc", "Session ID: " X},
        {"password: null", "password: null"},
        /* header fields */
        {"Authorization: Bearer abc.def.ghi\nHost: x",
         "Authorization: " X "\nHost: x"},
        {"curl -H 'Authorization: Basic dXNl' http://x/",
         "curl -H 'Authorization: " X "' http://x/"},
        {"Cookie: PHPSESSID=abc; x=y\r\nHost: z", "Cookie: " X "\r\nHost: z"},
        {"Set-Cookie: a=b", "Set-Cookie: " X},
        {"sent Bearer abcdefgh12345678 to", "sent Bearer " X " to"},
        {"basic authentication failed", "basic authentication failed"},
        /* tokens */
        {"jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_d x", "jwt " X " x"},
        {"key AKIAIOSFODNN7EXAMPLE.", "key " X},
        {"AIzaSyA-1234567890abcdefghijklmnopqrstu", X},
        {"-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
         "-----BEGIN RSA PRIVATE KEY" X "-----END RSA PRIVATE KEY-----"},
        {"hash $2y$10$abcdefghijklmnopqrstuv", "hash " X},
        {"k aZ3kQ9xLm2Pw7RtY5vBn8CdF1gHjK4sU z", "k " X " z"},
        /* data sources */
        {"mysql://user:pa:ss@host:3306/db", "mysql://user:" X "@host:3306/db"},
        {"postgres://u:p/w#1@h/db", "postgres://u:" X "@h/db"},
        {"https://ghtoken@github.com/x", "https://" X "@github.com/x"},
        {"pgsql:host=h;port=1;password=abc;user=u",
         "pgsql:host=h;port=1;password=" X ";user=u"},
        {"Server=h;User ID=sa;Password=a,b;Database=d",
         "Server=h;User ID=sa;Password=" X ";Database=d"},
        {"root:rahasia@tcp(127.0.0.1:3306)/db",
         "root:" X "@tcp(127.0.0.1:3306)/db"},
        {"scott/tiger@//orcl:1521/x", "scott/" X "@//orcl:1521/x"},
        {"mail budi.s@batam.go.id ok", "mail " X " ok"},
        {"?email=budi%40batam.go.id&x", "?email=" X "&x"},
        /* SQL */
        {"SELECT nik FROM t WHERE nama = 'Budi' AND umur > 30 LIMIT 5",
         "SELECT nik FROM t WHERE nama = '" X "' AND umur > " X " LIMIT 5"},
        {"INSERT INTO `p` (`a`,`b`) VALUES ('Budi', 12345)",
         "INSERT INTO `p` (`a`,`b`) VALUES ('" X "', " X ")"},
        {"insert into \"p\" (\"a\") values ('O''Neil', 1), ('x', 2)",
         "insert into \"p\" (\"a\") values ('" X "', " X "), ('" X "', " X ")"},
        {"UPDATE t SET nama='Budi', x=5 WHERE id IN (1,2)",
         "UPDATE t SET nama='" X "', x=" X " WHERE id IN (" X "," X ")"},
        {"select * from `u` where `e` like '%budi%' limit 1) in /a/b.php",
         "select * from `u` where `e` like '" X "' limit 1) in /a/b.php"},
        {"execute(\"SELECT 1 FROM t WHERE a = 'x'\") at 'Foo'",
         "execute(\"SELECT 1 FROM t WHERE a = '" X "'\") at 'Foo'"},
        {"WHERE a = \"Budi\" AND b = \"c\".\"d\"",
         "WHERE a = \"" X "\" AND b = \"c\".\"d\""},
        {"<p>SELECT <b>a</b> FROM t WHERE x = 'y'</p><p class='z'>",
         "<p>SELECT <b>a</b> FROM t WHERE x = '" X "'</p><p class='z'>"},
        {"{\"m\":\"select a from b where c = 'd'\",\"e\":\"it's 'f'\"}",
         "{\"m\":\"select a from b where c = '" X "'\",\"e\":\"it's 'f'\"}"},
        {"where nik = 'x' and y < 5\nz = 6",
         "where nik = '" X "' and y < " X "\nz = 6"},
        {"WHERE a<b AND nama='Budi'", "WHERE a<b AND nama='" X "'"},
        {"delete from t where a = 'x'", "delete from t where a = '" X "'"},
        {"update `t` set `a` = 'x', `b` = 'y' where c = 1",
         "update `t` set `a` = '" X "', `b` = '" X "' where c = " X},
        {"create user u identified by 'x'",
         "create user u identified by '" X "'"},
        {"\"INSERT INTO t VALUES (\\\"x\\\", 5)\"",
         "\"INSERT INTO t VALUES (\\\"" X "\\\", " X ")\""},
        {"Duplicate entry 'it's me' for key 'users.nik_unique'",
         "Duplicate entry '" X "' for key 'users.nik_unique'"},
        {"Incorrect string value: '\\xF0' for column 'nama' at row 1",
         "Incorrect string value: '" X "' for column 'nama' at row 1"},
        {"Key (nik)=(3171) already exists.",
         "Key (nik)=(" X ") already exists."},
        {"Failing row contains (1, Budi, null).",
         "Failing row contains (" X ")."},
        {"invalid input syntax for type integer: \"abc\"",
         "invalid input syntax for type integer: \"" X "\""},
        {"invalid literal for int() with base 10: 'abc'",
         "invalid literal for int() with base 10: '" X "'"},
        {"For input string: \"abc\"", "For input string: \"" X "\""},
        {"[parameters: {'a': 'Budi'}]", "[parameters: {" X "}]"},
        {"right syntax to use near 'Budi'' at line 1",
         "right syntax to use near '" X "' at line 1"},
        {"to use near 'FORM users WHERE a = 'x'' at line 1",
         "to use near 'FORM users WHERE a = '" X "'' at line 1"},
        {"near 'WHERE nama = 'Budi' AND x = 5 LIMIT 1' at line 3",
         "near 'WHERE nama = '" X "' AND x = " X " LIMIT 1' at line 3"},
        {"near \"Neil\": syntax error", "near \"" X "\": syntax error"},
        /* arguments in traces */
        {"#0 /x.php(3): login('admin', 'rahasia')",
         "#0 /x.php(3): login('" X "', '" X "')"},
        {"#1 /x.php(12): A\\B->c('it's', Array, NULL, 5)\n#2 {main}",
         "#1 /x.php(12): A\\B->c('" X "', Array, NULL, 5)\n#2 {main}"},
        {"#0 /x.php(3): PDO->__construct('mysql:host=h', 'root', 'p')",
         "#0 /x.php(3): PDO->__construct('" X "', '" X "', '" X "')"},
        {"#0 /x.php(3): f('line\nbreak', 1)\n#1 {main}",
         "#0 /x.php(3): f('" X "', 1)\n#1 {main}"},
        {"\tmain::login(\"admin\", \"x\") called at a.pl line 3",
         "\tmain::login(\"" X "\", \"" X "\") called at a.pl line 3"},
    };
    size_t i;
    int bad = 0;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        const char *got = run(tests[i].text);

        if (strcmp(got, tests[i].want) != 0) {
            print_error("row %zu: %s\n  want %s\n  got  %s\n", i, tests[i].text,
                        tests[i].want, got);
            bad++;
        }
    }
    assert_int_equal(bad, 0);
}

/* What was taken out once is not disturbed by a second time. */
static void redact_twice(void **state)
{
    static const char *const tests[] = {
        "password=rahasia",
        "WHERE a = 'x'",
        "{\"token\":\"abc\"}",
        "Authorization: Bearer abcdef123",
        "#0 /x.php(3): login('a', 'b')",
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        const char *once = run(tests[i]);

        assert_string_equal(run(once), once);
    }
}

static void redact_limit(void **state)
{
    static const struct {
        const char *text;
        size_t limit;
        const char *want;
    } tests[] = {
        {"abc", 0, "abc"},
        {"abcdefghijklmnopqrstuvwxyz", 26, "abcdefghijklmnopqrstuvwxyz"},
        {"abcdefghijklmnopqrstuvwxyz", 20, "abcdefgh [terpotong]"},
        {"aaaaaaa\xc3\xa9zzzzzzzzzzzzz", 20, "aaaaaaa [terpotong]"},
        {"abcdefghijklmnopqrstuvwxyz", 4, "abcd"},
        {"nik 3171012345678901 xxxxxxxxxxxxxxxx", 24,
         "nik [disamar [terpotong]"},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        spbe_span_t got = spbe_redact_text(
            redact, spbe_span_from(tests[i].text), tests[i].limit, pool);

        assert_string_equal(spbe_span_dup(got, pool), tests[i].want);
    }
}

static void redact_names(void **state)
{
    static const struct {
        const char *name;
        int secret;
    } tests[] = {
        {"password", 1},
        {"user_Password2", 1},
        {"pin", 1},
        {"PIN", 1},
        {"userPin", 1},
        {"pin_baru", 1},
        {"pinjaman", 0},
        {"pinggir", 0},
        {"spinner", 0},
        {"_token", 1},
        {"X-Api-Key", 1},
        {"apikey", 1},
        {"PHPSESSID", 1},
        {"ci_session", 1},
        {"katasandi", 1},
        {"kata-sandi", 1},
        {"nama", 0},
        {"nik", 0},
        {"alamat", 0},
        {"compass", 0},
        {"pass", 1},
        {"kode_otp", 1},
        {"", 0},
        {"npwp", 0},
        {"Nomor_Rahasia", 1},
        {"ibu_kandung", 1},
        {"IBUKANDUNG", 1},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        int got = spbe_redact_is_secret(redact, spbe_span_from(tests[i].name));

        if (got != tests[i].secret) {
            fail_msg("%s: %d", tests[i].name, got);
        }
    }
}

static void redact_mask(void **state)
{
    static const struct {
        const char *name, *value, *want;
    } tests[] = {
        {"nik", "3171012345678901", "9999999999999999"},
        {"nama", "Budi Santoso", "Aaaa Aaaaaaa"},
        {"nama", "Jos\xc3\xa9", "Aaaa"},
        {"x",
         "a\x01\xff"
         "b",
         "a??a"},
        {"x", "", ""},
        {"x", "abcdefghijklmnopqrstuvwxyz0", "aaaaaaaaaaaaaaaaaaaaaaaa"},
        {"password", "abc", NULL},
    };
    size_t i;

    for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        const char *got =
            spbe_redact_mask(redact, spbe_span_from(tests[i].name),
                             spbe_span_from(tests[i].value), pool);

        if (tests[i].want == NULL) {
            assert_null(got);
        }
        else {
            assert_string_equal(got, tests[i].want);
        }
    }
}

/* Four times the text may take some ten times the time, not sixteen. */
static void redact_linear(void **state)
{
    static const char *const units[] = {
        "a",
        "1",
        "1 ",
        "'",
        "\"",
        "(",
        "[",
        "=",
        "@",
        "://",
        "a:b@",
        "password",
        "password:",
        "token=[",
        "token=(\"",
        "SELECT 'x ",
        "<td>token</td>",
        "#0 ('",
        "&quot;",
        "\\",
        "-",
        ".",
        "eyJ",
        "-----BEGIN PRIVATE",
        "key (a)=(",
        "value '",
        "name=\"token\"",
        "0x",
        "1.2.3.4 ",
        "\n#0 a('",
        "a\n",
        "token\n",
        "%40",
        "= '\\",
        "[token:",
        "bearer ",
        "$2y$",
        "WHERE a = (",
        "x://a:",
        "params {",
        "--token ",
        "1:11 ",
        "string value: '",
    };
    size_t i, k, n;

    for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        size_t len = strlen(units[i]), size = 256 * 1024;
        char *text = malloc(size);
        clock_t start;
        apr_pool_t *scratch;

        for (n = 0, k = 0; n < size; n++, k = (k + 1) % len) {
            text[n] = units[i][k];
        }
        apr_pool_create(&scratch, pool);
        start = clock();
        spbe_redact_text(redact, (spbe_span_t){text, size}, 0, scratch);
        /* With sanitizers and on a busy machine; quadratic takes minutes. */
        if (clock() - start > 6 * CLOCKS_PER_SEC) {
            fail_msg("%s: %ld ms", units[i],
                     (long)((clock() - start) * 1000 / CLOCKS_PER_SEC));
        }
        apr_pool_destroy(scratch);
        free(text);
    }
}

/* No result contains any of these, whatever stands around them. */
static void redact_canaries(void **state)
{
    static const char *const canaries[] = {
        "3171012345678901",
        "Rah4siaBanget!",
        "eyJhbGciOi5.eyJzdWIi",
    };
    static const char *const frames[] = {
        "password=%s",
        "password='%s'",
        "password=\"%s\"",
        "{\"password\":\"%s\"}",
        "\"password\": \"%s\"",
        "'password' => '%s'",
        "[password] => %s",
        "  [token] => %s\n",
        "Authorization: Basic %s",
        "Cookie: sid=%s; a=b",
        "http://x/?token=%s&a=1",
        "mysql://u:%s@h/d",
        "Pwd=%s;Server=h",
        "#0 /a.php(1): f('%s')",
        "WHERE nik = '%s'",
        "VALUES ('%s')",
        "Duplicate entry '%s' for key 'x'",
        "Key (nik)=(%s) exists",
        "<td>password</td><td>%s</td>",
        "password\n%s\n",
        "array('secret' => '%s')",
        "{'secret': u'%s'}",
        "secret: %s",
        "{secret=%s, a=b}",
        "&quot;secret&quot;:&quot;%s&quot;",
        "PDO('mysql:host=h;password=%s')",
        "X-Api-Key: %s",
        "redis://:%s@h:6379/0",
        "amqp://u:%s@h",
        "PASSWORD('%s')",
        "IDENTIFIED BY '%s'",
        "<password>%s</password>",
    };
    size_t i, k;

    for (i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
        for (k = 0; k < sizeof(canaries) / sizeof(canaries[0]); k++) {
            const char *text = "xxx ";

            text = apr_pstrcat(
                pool, text,
                apr_pstrndup(pool, frames[i],
                             (apr_size_t)(strstr(frames[i], "%s") - frames[i])),
                canaries[k], strstr(frames[i], "%s") + 2, " end", NULL);
            if (frames[i][0] == '#' ||
                strncmp(frames[i], "password\n", 9) == 0) {
                text += 4;
            }
            if (strstr(run(text), canaries[k]) != NULL) {
                fail_msg("%s gives %s", text, run(text));
            }
        }
    }
}

static int setup(void **state)
{
    apr_array_header_t *names;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    names = apr_array_make(pool, 1, sizeof(const char *));
    APR_ARRAY_PUSH(names, const char *) = "ibu_kandung";
    redact = spbe_redact_create(names, pool);
    return redact == NULL;
}

static int teardown(void **state)
{
    apr_pool_destroy(pool);
    apr_terminate();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(redact_exact),  cmocka_unit_test(redact_twice),
        cmocka_unit_test(redact_limit),  cmocka_unit_test(redact_names),
        cmocka_unit_test(redact_mask),   cmocka_unit_test(redact_canaries),
        cmocka_unit_test(redact_linear),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
