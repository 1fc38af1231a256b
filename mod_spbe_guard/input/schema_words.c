/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/schema_words.c - keywords that state something of a value: type,
 * bounds, pattern, format, content.
 */
#include "input/schema_in.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

#include "text/decimal.h"
#include "text/media.h"

static const struct {
  const char *name;
  unsigned bit;
} types[] = {
    {"null", SPBE_TYPE_NULL},       {"boolean", SPBE_TYPE_BOOLEAN},
    {"number", SPBE_TYPE_NUMBER},   {"string", SPBE_TYPE_STRING},
    {"array", SPBE_TYPE_ARRAY},     {"object", SPBE_TYPE_OBJECT},
    {"integer", SPBE_TYPE_INTEGER},
};
#define TYPES (sizeof(types) / sizeof(types[0]))

static unsigned type_named(const spbe_node_t *node) {
  size_t i;

  for (i = 0; i < TYPES && node->type == SPBE_NODE_STRING; i++) {
    if (spbe_span_eq(node->text, spbe_span_from(types[i].name))) {
      return types[i].bit;
    }
  }
  return 0;
}

SPBE_FILL(type) {
  const spbe_node_t *one =
      value->type == SPBE_NODE_ARRAY ? value->first : value;
  unsigned found = 0, bit;

  do {
    bit = one == NULL ? 0 : type_named(one);
    if (bit == 0 || (found & bit)) {
      spbe_schema_compile_error(
          build, value,
          "type is one of string, number, integer, boolean, array, "
          "object, null, or an array of some of them");
      return;
    }
    found = spbe_schema_types_or(found, bit);
    one = one->next;
  } while (value->type == SPBE_NODE_ARRAY && one != NULL);
  build->schema->types = found;
  build->schema->typed = 1;
}

const char *spbe_schema_type_names(unsigned mask, apr_pool_t *pool) {
  const char *names = "";
  size_t i;

  for (i = 0; i < TYPES; i++) {
    if (mask & types[i].bit) {
      names = apr_pstrcat(pool, names, *names ? ", " : "", types[i].name, NULL);
    }
  }
  return names;
}

unsigned spbe_schema_type_of(const spbe_node_t *node) {
  return 1u << node->type; /* in the same order */
}

SPBE_FILL(enumeration) {
  if (value->type != SPBE_NODE_ARRAY || value->count == 0) {
    spbe_schema_compile_error(build, value,
                              "enum is an array of the values allowed");
    return;
  }
  spbe_schema_compile_choice(build)->choices = value;
}

SPBE_FILL(fixed) { spbe_schema_compile_choice(build)->fixed = value; }

/* Integers of up to 18 digits; others are compared by their text. */
static int small_integer(spbe_span_t text, long long *value) {
  size_t i = text.len > 0 && text.ptr[0] == '-';

  if (text.len > 18 + i) {
    return 0;
  }
  for (*value = 0; i < text.len; i++) {
    if (text.ptr[i] < '0' || text.ptr[i] > '9') {
      return 0;
    }
    *value = *value * 10 + (text.ptr[i] - '0');
  }
  *value = text.ptr[0] == '-' ? -*value : *value;
  return 1;
}

static int set_bound(spbe_build_t *build, const spbe_node_t *value,
                     spbe_bound_t *bound) {
  if (value->type != SPBE_NODE_NUMBER) {
    spbe_schema_compile_error(build, value, "%.*s is a number",
                              (int)value->name.len, value->name.ptr);
    return 0;
  }
  bound->node = value;
  bound->small = small_integer(value->text, &bound->value);
  return 1;
}

SPBE_FILL(minimum) {
  set_bound(build, value, &spbe_schema_compile_number(build)->minimum);
}

SPBE_FILL(maximum) {
  set_bound(build, value, &spbe_schema_compile_number(build)->maximum);
}

/* Draft 4 had a boolean here that changed the meaning of its sibling. */
static int is_draft4(spbe_build_t *build, const spbe_node_t *value,
                     const char *sibling) {
  if (value->type != SPBE_NODE_BOOLEAN) {
    return 0;
  }
  spbe_schema_compile_error(build, value,
                            "%.*s is a number since draft 6: write the "
                            "number of %s here and remove %s",
                            (int)value->name.len, value->name.ptr, sibling,
                            sibling);
  return 1;
}

SPBE_FILL(exclusive_minimum) {
  if (!is_draft4(build, value, "minimum")) {
    set_bound(build, value,
              &spbe_schema_compile_number(build)->exclusive_minimum);
  }
}

SPBE_FILL(exclusive_maximum) {
  if (!is_draft4(build, value, "maximum")) {
    set_bound(build, value,
              &spbe_schema_compile_number(build)->exclusive_maximum);
  }
}

SPBE_FILL(multiple_of) {
  spbe_bound_t *bound = &spbe_schema_compile_number(build)->multiple_of;

  if (set_bound(build, value, bound) &&
      spbe_decimal_compare(value->text, SPBE_SPAN("0")) <= 0) {
    spbe_schema_compile_error(build, value, "multipleOf is above 0");
  }
}

static void set_size(spbe_build_t *build, const spbe_node_t *value,
                     spbe_size_t *size) {
  double number;

  if (value->type != SPBE_NODE_NUMBER ||
      !spbe_decimal_is_integer(value->text) ||
      spbe_decimal_compare(value->text, SPBE_SPAN("0")) < 0) {
    spbe_schema_compile_error(build, value, "%.*s is an integer from 0",
                              (int)value->name.len, value->name.ptr);
    return;
  }
  number = strtod(spbe_span_dup(value->text, build->schemas->pool), NULL);
  size->node = value;
  size->value = number < 1e15 ? (size_t)number : SIZE_MAX;
}

SPBE_FILL(min_length) {
  set_size(build, value, &spbe_schema_compile_string(build)->min);
}

SPBE_FILL(max_length) {
  set_size(build, value, &spbe_schema_compile_string(build)->max);
}

SPBE_FILL(min_items) {
  set_size(build, value, &spbe_schema_compile_array(build)->min);
}

SPBE_FILL(max_items) {
  set_size(build, value, &spbe_schema_compile_array(build)->max);
}

SPBE_FILL(min_contains) {
  set_size(build, value, &spbe_schema_compile_array(build)->min_contains);
}

SPBE_FILL(max_contains) {
  set_size(build, value, &spbe_schema_compile_array(build)->max_contains);
}

SPBE_FILL(min_properties) {
  set_size(build, value, &spbe_schema_compile_object(build)->min);
}

SPBE_FILL(max_properties) {
  set_size(build, value, &spbe_schema_compile_object(build)->max);
}

static int is_type(spbe_build_t *build, const spbe_node_t *value,
                   spbe_node_type_t type, const char *what) {
  if (value->type == type) {
    return 1;
  }
  spbe_schema_compile_error(build, value, "%.*s is %s", (int)value->name.len,
                            value->name.ptr, what);
  return 0;
}

SPBE_FILL(unique) {
  if (is_type(build, value, SPBE_NODE_BOOLEAN, "true or false")) {
    spbe_schema_compile_array(build)->unique = value->truth;
  }
}

SPBE_FILL(pattern) {
  spbe_string_rules_t *string = spbe_schema_compile_string(build);
  const char *error = NULL;

  if (!is_type(build, value, SPBE_NODE_STRING, "a regular expression")) {
    return;
  }
  string->pattern_node = value;
  string->pattern =
      spbe_regex_compile(value->text, &error, build->schemas->pool);
  if (string->pattern == NULL) {
    spbe_schema_compile_error(build, value,
                              "this pattern cannot be used: "
                              "%s",
                              error);
  }
}

/* OpenAPI's formats that are no formats of strings; 0: not one of them. */
static int openapi_format(spbe_build_t *build, const spbe_node_t *value) {
  static const struct {
    const char *name;
    spbe_number_kind_t kind;
    spbe_encoding_t encoding;
  } rows[] = {
      {"int32", SPBE_NUMBER_INT32, 0},
      {"int64", SPBE_NUMBER_INT64, 0},
      {"float", SPBE_NUMBER_DOUBLE, 0},
      {"double", SPBE_NUMBER_DOUBLE, 0},
      {"byte", 0, SPBE_ENCODING_BASE64},
      {"binary", 0, 0},
      {"password", 0, 0},
  };
  int asserted = build->schemas->options.assert_format;
  size_t i;

  for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    if (!spbe_span_eq(value->text, spbe_span_from(rows[i].name))) {
      continue;
    }
    if (rows[i].kind != 0 && asserted) {
      spbe_schema_compile_number(build)->kind = rows[i].kind;
    }
    if (rows[i].encoding != 0 && asserted) {
      spbe_string_rules_t *string = spbe_schema_compile_string(build);

      string->encoding = rows[i].encoding;
      string->encoding_name = "base64";
      string->assert_content = 1;
    }
    return 1;
  }
  return 0;
}

SPBE_FILL(format) {
  const spbe_format_t *format;
  spbe_string_rules_t *string;

  if (!is_type(build, value, SPBE_NODE_STRING, "the name of a format")) {
    return;
  }
  format = spbe_format_find(value->text);
  if (format == NULL) {
    if (!openapi_format(build, value) && build->schemas->options.strict) {
      spbe_schema_compile_error(
          build, value,
          "there is no format %.*s; the list is "
          "in the README under Formats",
          (int)(value->text.len > 60 ? 60 : value->text.len), value->text.ptr);
    }
    return;
  }
  string = spbe_schema_compile_string(build);
  string->format = format;
  string->assert_format = build->schemas->options.assert_format ||
                          (build->vocab & SPBE_VOCAB_ASSERT_FORMAT);
  if (format->identifier && string->assert_format) {
    spbe_schema_compile_number(build)->identifier = 1;
    build->schema->about_id = 1;
  }
}

SPBE_FILL(encoding) {
  static const struct {
    const char *name;
    spbe_encoding_t encoding;
  } rows[] = {
      {"base64", SPBE_ENCODING_BASE64},
      {"base64url", SPBE_ENCODING_BASE64URL},
      {"base32", SPBE_ENCODING_BASE32},
      {"base16", SPBE_ENCODING_BASE16},
      {"quoted-printable", SPBE_ENCODING_QUOTED},
      {"7bit", SPBE_ENCODING_NONE},
      {"8bit", SPBE_ENCODING_NONE},
      {"binary", SPBE_ENCODING_NONE},
  };
  spbe_string_rules_t *string = spbe_schema_compile_string(build);
  size_t i;

  if (!is_type(build, value, SPBE_NODE_STRING, "the name of an encoding")) {
    return;
  }
  string->content = value;
  string->assert_content = build->schemas->options.assert_content;
  string->encoding_name = spbe_span_dup(value->text, build->schemas->pool);
  for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    if (spbe_span_ieq(value->text, spbe_span_from(rows[i].name))) {
      string->encoding = rows[i].encoding;
      return;
    }
  }
  if (build->schemas->options.strict) {
    spbe_schema_compile_error(build, value,
                              "contentEncoding is one of base64, "
                              "base64url, base32, base16, "
                              "quoted-printable, 7bit, 8bit, binary");
  }
}

SPBE_FILL(media) {
  spbe_string_rules_t *string = spbe_schema_compile_string(build);

  if (!is_type(build, value, SPBE_NODE_STRING, "a media type")) {
    return;
  }
  string->content = value;
  string->assert_content = build->schemas->options.assert_content;
  string->media = spbe_span_dup(value->text, build->schemas->pool);
  string->json = spbe_media_kind(string->media) == SPBE_MEDIA_JSON;
}

SPBE_FILL(inside) {
  const spbe_schema_t *inside =
      spbe_schema_compile_get(build, value, build->resource, 0);

  spbe_schema_compile_string(build)->inside = inside;
}

SPBE_FILL(id) {
  if (is_type(build, value, SPBE_NODE_STRING, "a URI") &&
      spbe_span_chr(value->text, '#') != SPBE_NPOS &&
      spbe_span_chr(value->text, '#') + 1 < value->text.len) {
    spbe_schema_compile_error(build, value,
                              "$id has no fragment; write $anchor");
  }
}

SPBE_FILL(anchor) {
  static const char first[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "abcdefghijklmnopqrstuvwxyz_";
  static const char rest[] = "-.0123456789";
  size_t i;

  if (!is_type(build, value, SPBE_NODE_STRING, "a name")) {
    return;
  }
  for (i = 0; i < value->text.len; i++) {
    char c = value->text.ptr[i];

    if (c == '\0' ||
        (strchr(first, c) == NULL && (i == 0 || strchr(rest, c) == NULL))) {
      break;
    }
  }
  if (i < value->text.len || i == 0) {
    spbe_schema_compile_error(build, value,
                              "%.*s is a letter or _, then letters, "
                              "digits and - _ .",
                              (int)value->name.len, value->name.ptr);
  }
}

SPBE_FILL(string_only) { is_type(build, value, SPBE_NODE_STRING, "a string"); }

SPBE_FILL(boolean_only) {
  is_type(build, value, SPBE_NODE_BOOLEAN, "true or false");
}

SPBE_FILL(object_only) { is_type(build, value, SPBE_NODE_OBJECT, "an object"); }

SPBE_FILL(array_only) { is_type(build, value, SPBE_NODE_ARRAY, "an array"); }
