/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/format.c - the table of formats. The judges are in format_*.c.
 *
 * Examples are invented: districts, offices and serials that nobody has.
 */
#include "input/format.h"

#include "input/format_pattern.h"
#include "input/format_rules.h"

/* clang-format off */
/* name, judge, identifier, pattern, complete, inputmode, autocomplete, example,
 * characters */
static const spbe_format_t formats[] = {
    { "date-time", spbe_format_time_datetime, 0, PATTERN_DATETIME, 0, NULL,
      NULL, "2026-11-21T08:30:00+07:00", 0 },
    { "date", spbe_format_time_date, 0, PATTERN_DATE, 1, NULL, NULL,
      "2026-11-21", 10 },
    { "time", spbe_format_time_time, 0, PATTERN_TIME, 0, NULL, NULL,
      "08:30:00+07:00", 0 },
    { "date-time-local", spbe_format_time_datetime_local, 0,
      PATTERN_DATETIME_LOCAL, 1, NULL, NULL, "2026-11-21T08:30", 0 },
    { "time-local", spbe_format_time_time_local, 0, PATTERN_TIME_LOCAL, 1, NULL,
      NULL, "08:30", 0 },
    { "duration", spbe_format_time_duration, 0, PATTERN_DURATION, 1, NULL, NULL,
      "P3DT12H", 0 },
    { "email", spbe_format_net_email, 0, PATTERN_EMAIL, 0, "email", "email",
      "warga@contoh.example", 254 },
    { "idn-email", spbe_format_net_idn_email, 0, NULL, 0, "email", "email",
      "warga@contoh.example", 254 },
    { "hostname", spbe_format_net_hostname, 0, PATTERN_HOSTNAME, 0, "url", NULL,
      "www.contoh.example", 253 },
    { "idn-hostname", spbe_format_idn_hostname, 0, NULL, 0, "url", NULL,
      "www.contoh.example", 253 },
    { "ipv4", spbe_format_net_ipv4, 0, PATTERN_IPV4, 1, NULL, NULL, "192.0.2.1",
      15 },
    { "ipv6", spbe_format_net_ipv6, 0, PATTERN_IPV6, 0, NULL, NULL,
      "2001:db8::1", 45 },
    { "uri", spbe_format_uri_uri, 0, PATTERN_URI, 0, "url", "url",
      "https://contoh.example/berkas", 0 },
    { "uri-reference", spbe_format_uri_reference, 0, PATTERN_URI_REFERENCE, 0,
      "url", NULL, "/berkas?no=1", 0 },
    { "iri", spbe_format_uri_iri, 0, PATTERN_IRI, 0, "url", "url",
      "https://contoh.example/berkas", 0 },
    { "iri-reference", spbe_format_uri_iri_reference, 0, PATTERN_IRI_REFERENCE,
      0, "url", NULL, "/berkas?no=1", 0 },
    { "uri-template", spbe_format_uri_template, 0, PATTERN_URI_TEMPLATE, 0,
      NULL, NULL, "/berkas/{no}", 0 },
    { "uuid", spbe_format_token_uuid, 0, PATTERN_UUID, 1, NULL, NULL,
      "00000000-0000-4000-8000-000000000001", 36 },
    { "json-pointer", spbe_format_token_pointer, 0, PATTERN_POINTER, 1, NULL,
      NULL, "/pemohon/nama", 0 },
    { "relative-json-pointer", spbe_format_token_relative_pointer, 0,
      PATTERN_RELATIVE_POINTER, 1, NULL, NULL, "1/nama", 0 },
    { "regex", spbe_format_token_regex, 0, NULL, 0, NULL, NULL, "^[a-z]+$", 0 },

    /* numbers and bytes: OpenAPI */
    { "int32", spbe_format_token_any, 0, NULL, 0, "numeric", NULL, "1", 0 },
    { "int64", spbe_format_token_any, 0, NULL, 0, "numeric", NULL, "1", 0 },
    { "float", spbe_format_token_any, 0, NULL, 0, "decimal", NULL, "1.5", 0 },
    { "double", spbe_format_token_any, 0, NULL, 0, "decimal", NULL, "1.5", 0 },
    { "byte", spbe_format_token_any, 0, NULL, 0, NULL, NULL, "Y29udG9o", 0 },
    { "binary", spbe_format_token_any, 0, NULL, 0, NULL, NULL, "", 0 },
    { "password", spbe_format_token_any, 0, NULL, 0, NULL, NULL, "", 0 },

    /* persons */
    { "nik", spbe_format_id_nik, 1, PATTERN_NIK, 1, "numeric", NULL,
      "2171994508909999", 16 },
    { "no_kk", spbe_format_id_no_kk, 1, PATTERN_NO_KK, 1, "numeric", NULL,
      "2171990102209999", 16 },
    { "nip", spbe_format_id_nip, 1, PATTERN_NIP, 0, "numeric", NULL,
      "199001012015011999", 21 },
    { "npwp", spbe_format_id_npwp, 1, PATTERN_NPWP, 1, "numeric", NULL,
      "09.999.999.9-999.999", 20 },
    { "npwp15", spbe_format_id_npwp15, 1, PATTERN_NPWP15, 1, "numeric", NULL,
      "09.999.999.9-999.999", 20 },
    { "npwp16", spbe_format_id_npwp16, 1, PATTERN_NPWP16, 1, "numeric", NULL,
      "0099999999999999", 16 },
    { "npwp_ketat", spbe_format_id_npwp_ketat, 1, PATTERN_NPWP, 0, "numeric",
      NULL, "09.999.999.7-999.999", 20 },
    { "nitku", spbe_format_id_nitku, 1, PATTERN_NITKU, 1, "numeric", NULL,
      "0099999999999999000000", 22 },
    { "nisn", spbe_format_id_nisn, 1, DIGITS("10"), 1, "numeric", NULL,
      "0099999999", 10 },
    { "nuptk", spbe_format_id_nuptk, 1, DIGITS("16"), 1, "numeric", NULL,
      "9999000000009999", 16 },
    { "bpjs", spbe_format_id_bpjs, 1, PATTERN_BPJS, 1, NULL, NULL,
      "0009999999999", 13 },
    { "bpjs_kes", spbe_format_id_bpjs_kes, 1, DIGITS("13"), 1, "numeric", NULL,
      "0009999999999", 13 },
    { "bpjs_tk", spbe_format_id_bpjs_tk, 1, PATTERN_BPJS_TK, 1, NULL, NULL,
      "99999999999", 11 },
    { "paspor", spbe_format_id_paspor, 1, PATTERN_PASPOR, 1, NULL, NULL,
      "X9999999", 9 },
    { "paspor_asing", spbe_format_id_paspor_asing, 1, PATTERN_PASPOR_ASING, 1,
      NULL, NULL, "X99999999", 9 },
    { "nop", spbe_format_id_nop, 1, PATTERN_NOP, 1, "numeric", NULL,
      "99.99.999.999.999-9999.9", 24 },
    { "nib", spbe_format_id_nib, 1, DIGITS("13"), 1, "numeric", NULL,
      "9999000099990", 13 },
    { "npsn", spbe_format_id_npsn, 1, PATTERN_NPSN, 1, NULL, NULL, "99999999",
      8 },
    { "tanggal", spbe_format_time_tanggal, 0, PATTERN_TANGGAL, 1, NULL, NULL,
      "21-11-2026", 10 },
    { "tanggal_lahir", spbe_format_time_lahir, 1, PATTERN_LAHIR, 0, NULL,
      "bday", "1990-08-05", 10 },
    { "hp", spbe_format_place_hp, 1, PATTERN_HP, 1, "tel", "tel",
      "081200000000", 32 },
    { "telepon", spbe_format_place_telepon, 1, PATTERN_TELEPON, 1, "tel", "tel",
      "0778000000", 32 },
    { "telepon_tetap", spbe_format_place_telepon_tetap, 1,
      PATTERN_TELEPON_TETAP, 1, "tel", "tel", "0778000000", 32 },
    { "surel", spbe_format_net_surel, 1, PATTERN_SUREL, 1, "email", "email",
      "warga@contoh.example", 254 },
    { "nama_pengguna", spbe_format_token_username, 1, PATTERN_USERNAME, 1, NULL,
      "username", "warga.contoh", 64 },

    /* places and things */
    { "kode_pos", spbe_format_place_kode_pos, 1, PATTERN_KODE_POS, 1, "numeric",
      "postal-code", "29999", 5 },
    { "kode_wilayah", spbe_format_place_kode_wilayah, 1, PATTERN_KODE_WILAYAH,
      1, "numeric", NULL, "21.71.01.1001", 13 },
    { "plat_nomor", spbe_format_place_plat_nomor, 1, PATTERN_PLAT_NOMOR, 1,
      NULL, NULL, "BP 9999 ZZZ", 11 },

    /* what people write */
    { "nama", spbe_format_text_nama, 1, PATTERN_NAMA, 1, NULL, "name",
      "Siti Nur'aini, S.Kom.", SPBE_FORMAT_NAME_MAX },
    { "gelar", spbe_format_text_nama, 0, PATTERN_NAMA, 1, NULL, NULL,
      "S.Kom., M.T.", SPBE_FORMAT_NAME_MAX },
    { "alamat", spbe_format_text_alamat, 1, PATTERN_ALAMAT, 1, NULL,
      "street-address", "Jl. Contoh No. 1, RT 03/RW 05",
      SPBE_FORMAT_ADDRESS_MAX },
    { "teks_baris", spbe_format_text_baris, 0, PATTERN_BARIS, 1, NULL, NULL,
      "Permohonan surat keterangan", SPBE_FORMAT_LINE_MAX },
    { "teks_bebas", spbe_format_text_bebas, 0, PATTERN_BEBAS, 1, NULL, NULL,
      "Mohon dibantu. Terima kasih.", 0 },

    { NULL, NULL, 0, NULL, 0, NULL, NULL, NULL, 0 },
};
/* clang-format on */

const spbe_format_t *spbe_formats(void)
{
    return formats;
}

const spbe_format_t *spbe_format_find(spbe_span_t name)
{
    const spbe_format_t *f;

    for (f = formats; f->name != NULL; f++) {
        if (spbe_span_eq(spbe_span_from(f->name), name)) {
            return f;
        }
    }
    return NULL;
}
