/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/format_rules.h - the judges that the table of format.c names, and what
 * they and compare.c share. Nobody else includes this.
 *
 * A judge is a pure function of the text. It allocates nothing; "regex" and the
 * internationalised names free what they took before they return.
 */
#ifndef SPBE_INPUT_FORMAT_RULES_H
#define SPBE_INPUT_FORMAT_RULES_H

#include <apr_time.h>

#include "text/span.h"

typedef int spbe_format_judge_t(spbe_span_t text, apr_time_t now);

typedef struct spbe_day {
    int year, month, day;
} spbe_day_t;

typedef struct spbe_clock {
    int hour, minute, second;
    spbe_span_t fraction; /* digits, may be empty */
    int zoned;
    int offset; /* minutes east of UTC, when zoned */
} spbe_clock_t;

/* count (at most 9) ASCII digits at offset at as a number; -1 when they are
 * not that. */
int spbe_format_time_digits(spbe_span_t s, size_t at, size_t count);
/* Exists in the Gregorian calendar, extended to years 0 to 9999. */
int spbe_format_time_exists(int year, int month, int day);
/* YYYY-MM-DD, DD-MM-YYYY, DD/MM/YYYY or DD.MM.YYYY. 1: *day is set. */
int spbe_format_time_read_day(spbe_span_t s, spbe_day_t *day);
/* HH:MM:SS with fraction and zone; without seconds and zone where loose. */
int spbe_format_time_read_clock(spbe_span_t s, int loose, spbe_clock_t *clock);
/* The day it is where it is latest in the country, UTC+9. */
spbe_day_t spbe_format_time_today(apr_time_t now);
/* <0, 0, >0 */
int spbe_format_time_compare(const spbe_day_t *a, const spbe_day_t *b);

spbe_format_judge_t spbe_format_time_date, spbe_format_time_time,
    spbe_format_time_datetime, spbe_format_time_time_local,
    spbe_format_time_datetime_local, spbe_format_time_duration,
    spbe_format_time_tanggal, spbe_format_time_lahir;

spbe_format_judge_t spbe_format_net_ipv4, spbe_format_net_ipv6,
    spbe_format_net_hostname, spbe_format_net_email, spbe_format_net_idn_email,
    spbe_format_net_surel;

/* Letters, digits and inner hyphens, at most 63: RFC 952, RFC 1123. */
int spbe_format_net_is_ldh(spbe_span_t label);
/* IDNA2008, and the Bidi rule over the whole name. lenient: normalised first,
 * as a mail program would. */
int spbe_format_idn_is_name(spbe_span_t name, int lenient);
/* "xn--...": decodes to what may be registered, and encodes back to itself. */
int spbe_format_idn_is_alabel(spbe_span_t label);
spbe_format_judge_t spbe_format_idn_hostname;

spbe_format_judge_t spbe_format_uri_uri, spbe_format_uri_reference,
    spbe_format_uri_iri, spbe_format_uri_iri_reference,
    spbe_format_uri_template;

spbe_format_judge_t spbe_format_token_any, spbe_format_token_uuid,
    spbe_format_token_pointer, spbe_format_token_relative_pointer,
    spbe_format_token_regex, spbe_format_token_username;

spbe_format_judge_t spbe_format_id_nik, spbe_format_id_no_kk,
    spbe_format_id_nip, spbe_format_id_npwp, spbe_format_id_npwp15,
    spbe_format_id_npwp16, spbe_format_id_npwp_ketat, spbe_format_id_nitku,
    spbe_format_id_nisn, spbe_format_id_nuptk, spbe_format_id_bpjs,
    spbe_format_id_bpjs_kes, spbe_format_id_bpjs_tk, spbe_format_id_paspor,
    spbe_format_id_paspor_asing, spbe_format_id_nop, spbe_format_id_nib,
    spbe_format_id_npsn;

spbe_format_judge_t spbe_format_place_kode_pos, spbe_format_place_kode_wilayah,
    spbe_format_place_plat_nomor, spbe_format_place_hp,
    spbe_format_place_telepon, spbe_format_place_telepon_tetap;

#define SPBE_FORMAT_NAME_MAX 150
#define SPBE_FORMAT_ADDRESS_MAX 500
#define SPBE_FORMAT_LINE_MAX 1000
spbe_format_judge_t spbe_format_text_nama, spbe_format_text_alamat,
    spbe_format_text_bebas, spbe_format_text_baris;

#endif
