/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/format_about.c - the formats in words for those who write policies:
 * what each accepts, and which one a mistyped name may stand for.
 */
#include "input/format.h"

#include <string.h>

#include "text/nearest.h"

static const struct {
    const char *name, *about;
} abouts[] = {
    {"date-time", "date and time with time zone (RFC 3339)"},
    {"date", "day that exists, year first (RFC 3339)"},
    {"time", "time of day with time zone (RFC 3339)"},
    {"date-time-local", "date and time without time zone, as HTML sends it"},
    {"time-local", "time of day without time zone, as HTML sends it"},
    {"duration", "ISO 8601 duration"},
    {"email", "e-mail address (RFC 5321)"},
    {"idn-email", "e-mail address, letters of any script (RFC 6531)"},
    {"hostname", "name of a host (RFC 1123)"},
    {"idn-hostname", "name of a host, letters of any script (RFC 5890)"},
    {"ipv4", "IPv4 address, four decimal numbers"},
    {"ipv6", "IPv6 address (RFC 4291)"},
    {"uri", "absolute URI (RFC 3986)"},
    {"uri-reference", "absolute or relative URI (RFC 3986)"},
    {"iri", "absolute URI, letters of any script (RFC 3987)"},
    {"iri-reference", "absolute or relative IRI (RFC 3987)"},
    {"uri-template", "URI template (RFC 6570)"},
    {"uuid", "UUID with hyphens (RFC 9562)"},
    {"json-pointer", "JSON Pointer (RFC 6901)"},
    {"relative-json-pointer", "relative JSON Pointer"},
    {"regex", "regular expression of ECMA-262"},

    {"int32", "whole number of 32 bits; for texts it asks nothing"},
    {"int64", "whole number of 64 bits; for texts it asks nothing"},
    {"float", "number; for texts it asks nothing"},
    {"double", "number; for texts it asks nothing"},
    {"byte", "base64 by OpenAPI's word; nothing is asked of the text"},
    {"binary", "file of a multipart form; nothing is asked of a text"},
    {"password", "hidden while it is typed; nothing is asked of the text"},

    {"nik", "16 digits: place of origin, birthday (women: day + 40), serial"},
    {"no_kk", "16 digits: place, day of recording, serial"},
    {"nip", "18 digits: birthday, appointment or contract, sex, serial"},
    {"npwp", "tax number of 15 or 16 digits, separators allowed"},
    {"npwp15", "tax number of 15 digits, separators allowed"},
    {"npwp16", "tax number of 16 digits, no separators"},
    {"npwp_ketat", "as npwp, and the check digit must be right, or the NIK"},
    {"nitku", "22 digits: 16 of the tax number, 6 of the place of business"},
    {"nisn", "pupil's number, 10 digits, not all 0"},
    {"nuptk", "teacher's number, 16 digits, not all 0"},
    {"bpjs", "as bpjs_kes or as bpjs_tk"},
    {"bpjs_kes", "health insurance number, 13 digits, not all 0"},
    {"bpjs_tk", "workers' insurance number, 11 digits; third may be a letter"},
    {"paspor", "national passport: one or two letters, six or seven digits"},
    {"paspor_asing", "any passport: five to nine letters and digits"},
    {"nop", "land tax object, 18 digits, separators allowed"},
    {"nib", "business number, 13 digits, not all 0"},
    {"npsn", "school's number: eight digits, or a letter and seven"},
    {"tanggal", "day that exists, day first, parted by - . or /"},
    {"tanggal_lahir", "birthday, year first, from 1900 until today"},
    {"hp", "mobile phone number of the country, with 0 or +62"},
    {"telepon", "phone number of the country, mobile or fixed"},
    {"telepon_tetap", "fixed line's number with its area"},
    {"surel", "e-mail address as people have it: plain, with a domain"},
    {"nama_pengguna", "user name: 3 to 64 letters, digits and . _ @ -"},

    {"kode_pos", "postal code: five digits, the first not 0"},
    {"kode_wilayah", "region: 2, 4, 6, 9 or 10 digits, dots at the seams"},
    {"plat_nomor", "number plate: area's letters, 1 to 4 digits, letters"},

    {"nama", "name of a person: letters and what stands between them"},
    {"gelar", "academic title, written like a name"},
    {"alamat", "postal address"},
    {"teks_baris", "one line of text without control characters"},
    {"teks_bebas", "text of several lines without control characters"},
};

const char *spbe_format_about(const spbe_format_t *format)
{
    size_t i;

    for (i = 0; i < sizeof(abouts) / sizeof(abouts[0]); i++) {
        if (strcmp(abouts[i].name, format->name) == 0) {
            return abouts[i].about;
        }
    }
    return NULL;
}

const char *spbe_format_nearest(spbe_span_t name)
{
    spbe_nearest_t nearest = {.word = name};
    const spbe_format_t *format;

    for (format = spbe_formats(); format->name != NULL; format++) {
        spbe_nearest_offer(&nearest, format->name);
    }
    return nearest.best;
}
