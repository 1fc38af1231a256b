/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/reason.h - why input is refused: one named reason each.
 *
 * The names are what SpbeGuardMalformed takes, what records carry and what the
 * README lists. A visitor never sees them.
 */
#ifndef SPBE_INPUT_REASON_H
#define SPBE_INPUT_REASON_H

#include "text/span.h"

/*
 * X(ID, name, status, default action under On, meaning). "malformed" reasons:
 * each can be set by SpbeGuardMalformed. One reading, or refuse.
 */
#define SPBE_MALFORMED(X)                                                    \
    X(PERCENT, "percent-encoding", 400, REJECT,                              \
      "a % that is not followed by two hexadecimal digits")                  \
    X(DOUBLE, "double-encoding", 400, REJECT,                                \
      "what was decoded once still holds an encoded dangerous character")    \
    X(UTF8, "utf-8", 400, REJECT, "invalid or overlong UTF-8")               \
    X(CONTROL, "control-character", 400, REJECT,                             \
      "NUL or another control character")                                    \
    X(INVISIBLE, "invisible-character", 400, REJECT,                         \
      "bidirectional overrides and other characters that deceive the eye, "  \
      "in names of fields and files")                                        \
    X(PATH, "path-ambiguous", 400, REJECT,                                   \
      "a path that servers read in several ways")                            \
    X(SEPARATOR, "separator", 400, REJECT,                                   \
      "a raw ';' that some read as '&'")                                     \
    X(DUPLICATE, "duplicate", 400, REJECT,                                   \
      "a field twice where one is expected")                                 \
    X(TWO_PLACES, "query-and-body", 400, REJECT,                             \
      "a field in the query and in the body")                                \
    X(NAME_CONFLICT, "name-conflict", 400, REJECT,                           \
      "two names that an application takes for one (a, a[], a[x]; a.b, "     \
      "a_b)")                                                                \
    X(NAME, "field-name", 400, REJECT,                                       \
      "an empty or odd name of a field")                                     \
    X(HEADER, "header", 400, REJECT,                                         \
      "a header field twice, or with a value that two parsers read in two "  \
      "ways")                                                                \
    X(FRAMING, "framing", 400, REJECT,                                       \
      "Content-Length and Transfer-Encoding together, or an odd one")        \
    X(COOKIE, "cookie", 400, LOG,                                            \
      "a cookie twice, or not as RFC 6265 has it")                           \
    X(TYPE_MISSING, "content-type-missing", 415, REJECT,                     \
      "a body without Content-Type")                                         \
    X(TYPE, "content-type", 415, REJECT,                                     \
      "a Content-Type that is malformed, or says something else than the "   \
      "body")                                                                \
    X(CHARSET, "charset", 415, REJECT,                                       \
      "a charset other than UTF-8, or one that the body does not keep to")   \
    X(ENCODED, "content-encoding", 415, REJECT,                              \
      "a compressed request body")                                           \
    X(BOUNDARY, "multipart-boundary", 400, REJECT,                           \
      "a boundary that is missing, twice, or malformed")                     \
    X(MULTIPART, "multipart", 400, REJECT,                                   \
      "a multipart body that two parsers read in two ways")                  \
    X(PART_HEADER, "multipart-header", 400, REJECT,                          \
      "a part's header that is malformed, folded, doubled or unknown")       \
    X(PART_CHARSET, "multipart-charset", 400, REJECT,                        \
      "a part with a charset or a transfer encoding of its own")             \
    X(FILENAME, "filename", 400, REJECT,                                     \
      "a file name with a path, with filename*, or with odd characters")     \
    X(JSON, "json-syntax", 400, REJECT, "JSON outside RFC 8259")             \
    X(JSON_DUPLICATE, "json-duplicate", 400, REJECT,                         \
      "a name twice in one JSON object")                                     \
    X(JSON_NUMBER, "json-number", 400, REJECT,                               \
      "a number that a double cannot hold")                                  \
    X(JSON_SURROGATE, "json-surrogate", 400, REJECT,                         \
      "half of a surrogate pair")                                            \
    X(JSON_DEPTH, "json-depth", 400, REJECT, "JSON nested too deep")         \
    X(XML, "xml-syntax", 400, REJECT, "XML that is not well formed")         \
    X(XML_ENTITY, "xml-entity", 400, REJECT,                                 \
      "XML with a DOCTYPE or entities of its own")                           \
    X(LIMIT, "limit", 400, REJECT,                                           \
      "more fields, longer names or values than SpbeGuardLimit allows")      \
    X(TOO_LARGE, "body-limit", 413, REJECT,                                  \
      "a body longer than SpbeGuardBodyLimit")

/* Reasons of a policy. */
#define SPBE_INVALID(X)                                                      \
    X(SCHEMA, "schema", 422, REJECT, "a value that breaks a rule of the "    \
      "policy; the rule is named beside it")                                 \
    X(UNKNOWN, "unknown-field", 422, LOG,                                    \
      "a field that the policy does not know")                               \
    X(METHOD, "method", 405, REJECT, "a method the policy does not know")    \
    X(MEDIA, "media-type", 415, REJECT,                                      \
      "a media type the policy does not know")                               \
    X(ROUTE, "route", 404, LOG, "a path the policy does not know")           \
    X(FILE_SIZE, "file-size", 413, REJECT, "a file that is too large")       \
    X(FILE_TYPE, "file-type", 422, REJECT,                                   \
      "a file whose content, name or declared type is not allowed")          \
    X(FILE_COUNT, "file-count", 422, REJECT, "too many files")               \
    X(FILE_IMAGE, "file-image", 422, REJECT, "an image of absurd size")      \
    X(COMPARE, "compare", 422, REJECT, "fields that contradict each other")  \
    X(ENGINE, "engine", 503, REJECT, "the check itself failed")

typedef enum spbe_reason {
    SPBE_REASON_NONE = 0,
#define X(id, name, status, action, meaning) SPBE_REASON_##id,
    SPBE_MALFORMED(X)
    SPBE_REASON_MALFORMED_END,
    SPBE_INVALID(X)
#undef X
    SPBE_REASONS
} spbe_reason_t;

typedef enum spbe_action {
    SPBE_ACTION_UNSET = 0,
    SPBE_ACTION_ALLOW = 1, /* not even recorded */
    SPBE_ACTION_LOG = 2,
    SPBE_ACTION_REJECT = 3
} spbe_action_t;

const char *spbe_reason_name(spbe_reason_t reason);
int spbe_reason_status(spbe_reason_t reason);
spbe_action_t spbe_reason_default(spbe_reason_t reason);
const char *spbe_reason_meaning(spbe_reason_t reason);
/* SPBE_REASON_NONE when there is none of that name. */
spbe_reason_t spbe_reason_find(spbe_span_t name);
static inline int spbe_reason_is_malformed(spbe_reason_t reason)
{
    return reason > SPBE_REASON_NONE && reason < SPBE_REASON_MALFORMED_END;
}

#endif
