/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/format_pattern.h - what the browser is told of each format, as patterns
 * of ECMA-262 that mean the same under its flags u and v. format.c alone
 * includes this.
 *
 * A pattern never refuses what the judge accepts. Where a row of format.c is
 * complete, it refuses the rest too; the unit tests compare the two.
 */
#ifndef SPBE_INPUT_FORMAT_PATTERN_H
#define SPBE_INPUT_FORMAT_PATTERN_H

/* clang-format off */
#define LEAP "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])" \
    "|(?:[02468][048]|[13579][26])00)"
#define DATE "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])" \
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))" \
    "|" LEAP "-02-29)"
#define MINUTE "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
#define TIME MINUTE ":(?:[0-5][0-9]|60)(?:\\.[0-9]+)?" \
    "(?:[Zz]|[+\\-]" MINUTE ")"
#define LOCAL MINUTE "(?::[0-5][0-9](?:\\.[0-9]+)?)?"
#define CHAIN(a, b, c) "(?:[0-9]+" a "(?:[0-9]+" b "(?:[0-9]+" c ")?)?" \
    "|[0-9]+" b "(?:[0-9]+" c ")?|[0-9]+" c ")"
#define CLOCKED "T" CHAIN("H", "M", "S")

#define PATTERN_DATE "^" DATE "$"
#define PATTERN_TIME "^" TIME "$"
#define PATTERN_DATETIME "^" DATE "[Tt]" TIME "$"
#define PATTERN_TIME_LOCAL "^" LOCAL "$"
#define PATTERN_DATETIME_LOCAL "^" DATE "[Tt]" LOCAL "$"
#define PATTERN_DURATION "^P(?:[0-9]+W|" CHAIN("Y", "M", "D") \
    "(?:" CLOCKED ")?|" CLOCKED ")$"
#define PATTERN_TANGGAL "^(?=[0-9]{2}([\\-.\\/])[0-9]{2}\\1)" \
    "(?:(?:(?:0[1-9]|[12][0-9]|3[01])[\\-.\\/](?:0[13578]|1[02])" \
    "|(?:0[1-9]|[12][0-9]|30)[\\-.\\/](?:0[469]|11)" \
    "|(?:0[1-9]|1[0-9]|2[0-8])[\\-.\\/]02)[\\-.\\/][0-9]{4}" \
    "|29[\\-.\\/]02[\\-.\\/]" LEAP ")$"
#define PATTERN_LAHIR "^(?=19|[2-9][0-9])" DATE "$"

#define OCTET "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
#define LABEL "[A-Za-z0-9](?:[A-Za-z0-9\\-]{0,61}[A-Za-z0-9])?"
#define ATEXT "[A-Za-z0-9!#$%&'*+\\/=?^_`\\{\\|\\}~\\-]+"
#define DOTTED ATEXT "(?:\\." ATEXT ")*"
#define QUOTED "\"(?:[ !#-\\[\\]-~]|\\\\[ -~])*\""
#define PATTERN_IPV4 "^(?:" OCTET "\\.){3}" OCTET "$"
#define PATTERN_IPV6 "^[0-9A-Fa-f:.]{2,45}$"
#define PATTERN_HOSTNAME "^(?=[\\s\\S]{1,253}$)" LABEL "(?:\\." LABEL ")*$"
#define PATTERN_EMAIL "^(?=[\\s\\S]{3,254}$)(?:" DOTTED "|" QUOTED ")" \
    "@(?:" LABEL "(?:\\." LABEL ")*|\\[[0-9A-Za-z:.]+\\])$"
#define PATTERN_SUREL "^(?=[\\s\\S]{6,254}$)(?=[^@]{1,64}@)" DOTTED \
    "@(?:" LABEL "\\.)+(?:[A-Za-z]{2,63}" \
    "|[Xx][Nn]--[A-Za-z0-9\\-]{0,58}[A-Za-z0-9])$"

#define URI_CHARS "[!#-;=?-\\[\\]_a-z~]*"
#define IRI_CHARS "[^\\u0000-\\u0020\"<>\\\\\\^`\\{\\|\\}\\u007F]"
#define SCHEME "[A-Za-z][A-Za-z0-9+.\\-]*:"
#define POINTER "(?:\\/(?:[^\\/~]|~[01])*)*"
#define PATTERN_URI "^" SCHEME URI_CHARS "$"
#define PATTERN_URI_REFERENCE "^" URI_CHARS "$"
#define PATTERN_IRI "^" SCHEME IRI_CHARS "*$"
#define PATTERN_IRI_REFERENCE "^" IRI_CHARS "*$"
#define PATTERN_URI_TEMPLATE "^(?:" IRI_CHARS "|\\{[^\\{\\}]+\\})*$"
#define PATTERN_UUID "^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$"
#define PATTERN_POINTER "^" POINTER "$"
#define PATTERN_RELATIVE_POINTER "^(?:0|[1-9][0-9]*)(?:#|" POINTER ")$"
#define PATTERN_USERNAME "^[A-Za-z0-9][A-Za-z0-9._@\\-]{2,63}$"

#define PROVINCE "(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-6])"
#define ORIGIN PROVINCE "(?!00)[0-9]{2}(?!00)[0-9]{2}"
#define SERIAL "(?!0000)[0-9]{4}"
/* DDMM of three kinds of months, women's days 40 higher; 29 February apart. */
#define BIRTH "(?:(?:(?:0[1-9]|[12][0-9]|3[01]|4[1-9]|[56][0-9]|7[01])" \
    "(?:0[13578]|1[02])|(?:0[1-9]|[12][0-9]|30|4[1-9]|[56][0-9]|70)" \
    "(?:0[469]|11)|(?:0[1-9]|1[0-9]|2[0-8]|4[1-9]|5[0-9]|6[0-8])02)[0-9]{2}" \
    "|[26]902(?:[02468][048]|[13579][26]))"
#define NIK ORIGIN BIRTH SERIAL
#define NPWP15 "(?![0. \\-]+$)[0-9]{2}[. ]?[0-9]{3}[. ]?[0-9]{3}[. ]?[0-9]" \
    "[. \\-]?[0-9]{3}[. ]?[0-9]{3}"
#define PATTERN_NIK "^" NIK "$"
#define PATTERN_NO_KK "^" ORIGIN "(?:0[1-9]|[12][0-9]|3[01])" \
    "(?:0[1-9]|1[0-2])[0-9]{2}" SERIAL "$"
#define PATTERN_NIP "^(?:19|2[0-9])[0-9]{2}(?:0[1-9]|1[0-2])" \
    "(?:0[1-9]|[12][0-9]|3[01])[ .]?(?:19|2[0-9])[0-9]{2}" \
    "(?:0[1-9]|1[0-2]|2[1-9]|[3-9][0-9])[ .]?[12][ .]?(?!000)[0-9]{3}$"
#define PATTERN_NPWP15 "^" NPWP15 "$"
#define PATTERN_NPWP16 "^(?!([0-9])\\1{15}$)[0-9]{16}$"
#define PATTERN_NPWP "^(?:" NPWP15 "|(?!0[0 ]+$|1[1 ]+$|2[2 ]+$|3[3 ]+$" \
    "|4[4 ]+$|5[5 ]+$|6[6 ]+$|7[7 ]+$|8[8 ]+$|9[9 ]+$)" \
    "[0-9]{4}(?: ?[0-9]{4}){3})$"
#define PATTERN_NITKU "^(?!([0-9])\\1{15})[0-9]{22}$"
#define DIGITS(count) "^(?!0+$)[0-9]{" count "}$"
#define KPJ "[0-9]{2}[0-9A-Za-z][0-9]{8}"
#define PATTERN_BPJS "^(?!0+$)(?:[0-9]{13}|" KPJ ")$"
#define PATTERN_BPJS_TK "^(?!0+$)" KPJ "$"
#define PATTERN_PASPOR "^[A-Za-z]{1,2}[0-9]{6,7}$"
#define PATTERN_PASPOR_ASING "^[0-9A-Za-z]{5,9}$"
#define PATTERN_NOP "^(?![0. \\-]+$)[0-9]{2}[. \\-]?[0-9]{2}" \
    "(?:[. \\-]?[0-9]{3}){3}[. \\-]?[0-9]{4}[. \\-]?[0-9]$"
#define PATTERN_NPSN "^(?!0+$)[0-9A-Za-z][0-9]{7}$"

#define REGENCY "(?!00|70)[0-9]{2}"
#define DISTRICT "(?!00)[0-9]{2}"
#define VILLAGE "[1-3](?!000)[0-9]{3}"
#define ISLAND "4(?!0000)[0-9]{4}"
#define PATTERN_KODE_POS "^[1-9][0-9]{4}$"
#define PATTERN_KODE_WILAYAH "^" PROVINCE "(?:" REGENCY "(?:" DISTRICT \
    "(?:" VILLAGE ")?|" ISLAND ")?|\\." REGENCY "(?:\\." DISTRICT \
    "(?:\\." VILLAGE ")?|\\." ISLAND ")?)?$"
#define PATTERN_PLAT_NOMOR "^(?:[Aa][ABDEGabdeg]?" \
    "|[Bb][ABDEGHK-NPabdeghk-np]?|[Dd][A-EGHK-NPRTWa-eghk-nprtw]?" \
    "|[Ee][ABDabd]?|[Kk][BHTUbhtu]?|[Pp][ABGSTYabgsty]?|[Rr][Ii]?" \
    "|[FfGgHhLlMmNnSsTtWwZz])[ \\-]?[1-9][0-9]{0,3}" \
    "(?:[ \\-]?[A-Za-z]{1,3})?$"

#define SEPARATOR "[ .\\-]?"
#define AFTER(count) "(?:" SEPARATOR "[0-9]){" count "}"
#define COUNTRY "(?:(?:\\+?62|\\(\\+?62\\))" SEPARATOR "(?:\\(0\\)" SEPARATOR \
    ")?|0" SEPARATOR ")"
#define MOBILE COUNTRY "8[1-35-9]" AFTER("7,10") \
    "|\\(08[1-35-9][0-9]\\)" AFTER("6,9") \
    "|\\(08[1-35-9][0-9]{2}\\)" AFTER("5,8")
#define FIXED COUNTRY "[2-79][0-9]" AFTER("5,9") \
    "|\\(0[2-79][0-9]\\)" AFTER("5,9") \
    "|\\(0[2-79][0-9]{2}\\)" AFTER("4,8")
#define PATTERN_HP "^(?:" MOBILE ")$"
#define PATTERN_TELEPON_TETAP "^(?:" FIXED ")$"
#define PATTERN_TELEPON "^(?:" MOBILE "|" FIXED ")$"

/* The classes of format_text.c. */
#define LATIN "A-Za-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u024F" \
    "\\u1E00-\\u1EFF"
#define LATIN_MARKS "[\\u0300-\\u034E\\u0350-\\u036F]{0,4}"
#define NAME_MARKS " \"&'\\(\\),\\-.\\/@`\\u00A0\\u00B4\\u02BB-\\u02BF" \
    "\\u2010\\u2011\\u2013\\u2018\\u2019\\u201C\\u201D"
#define ADDRESS_MARKS "\\t\\n\\r !\"#&'\\(\\)*+,\\-.\\/0-9:;?@_`\\u00A0" \
    "\\u00B0-\\u00B4\\u00B7\\u00BA\\u00BC-\\u00BE\\u02BB-\\u02BF" \
    "\\u2010-\\u2015\\u2018\\u2019\\u201C\\u201D\\u2022\\u2116"
#define LATIN_TEXT(max, others) "^(?=[\\s\\S]{1," max "}$)" \
    "(?=[^" LATIN "]*[" LATIN "])" \
    "(?:[" LATIN "]" LATIN_MARKS "|[" others "])+$"
#define PATTERN_NAMA LATIN_TEXT("150", NAME_MARKS)
#define PATTERN_ALAMAT LATIN_TEXT("500", ADDRESS_MARKS)

/* Refused, marks, blanks and joiners below and from U+0600 on. */
#define NOT_LOW "\\u0000-\\u0020\\u007F-\\u00A0\\u00AD\\u0300-\\u036F" \
    "\\u0483-\\u0489\\u0591-\\u05BD\\u05BF\\u05C1\\u05C2\\u05C4\\u05C5\\u05C7"
#define NOT_HIGH "\\u0610-\\u061A\\u061C\\u064B-\\u065F\\u0670" \
    "\\u06D6-\\u06DC\\u06DF-\\u06E4\\u06E7\\u06E8\\u06EA-\\u06ED\\u0E31" \
    "\\u0E34-\\u0E3A\\u0E47-\\u0E4E\\u115F\\u1160\\u1680\\u17B4\\u17B5" \
    "\\u180B-\\u180F\\u1AB0-\\u1AFF\\u1DC0-\\u1DFF\\u2000-\\u200F" \
    "\\u2028-\\u202F\\u205F-\\u206F\\u20D0-\\u20FF\\u2FE0-\\u2FEF\\u3000" \
    "\\u3164\\uE000-\\uF8FF\\uFDD0-\\uFDEF\\uFE00-\\uFE0F\\uFE20-\\uFE2F" \
    "\\uFEFF\\uFFA0\\uFFF0-\\uFFFF\\u{1BCA0}-\\u{1BCA3}" \
    "\\u{1D173}-\\u{1D17A}\\u{1FFFE}\\u{1FFFF}\\u{2FFFE}\\u{2FFFF}" \
    "\\u{3FFFE}-\\u{10FFFF}"
#define HEAP "[\\u0300-\\u034E\\u0350-\\u036F\\u0483-\\u0489\\u0591-\\u05BD" \
    "\\u05BF\\u05C1\\u05C2\\u05C4\\u05C5\\u05C7\\u0610-\\u061A" \
    "\\u064B-\\u065F\\u0670\\u06D6-\\u06DC\\u06DF-\\u06E4\\u06E7\\u06E8" \
    "\\u06EA-\\u06ED\\u0E31\\u0E34-\\u0E3A\\u0E47-\\u0E4E\\u1AB0-\\u1AFF" \
    "\\u1DC0-\\u1DFF\\u20D0-\\u20FF\\uFE00-\\uFE0F\\uFE20-\\uFE2F]{0,4}"
#define HIGH "[^\\u0000-\\u05FF\\u1E00-\\u1EFF" NOT_HIGH "]"
#define LOW "[^" LATIN NOT_LOW "\\u0600-\\u{10FFFF}]"
#define BLANKS "\\u00A0\\u1680\\u2000-\\u200A\\u202F\\u205F\\u3000"
#define FREE_TEXT(blanks) "(?:[" LATIN "]" HEAP "(?:\\u00AD(?=[" LATIN "]))?" \
    "|" HIGH HEAP "(?:[\\u200C\\u200D](?=" HIGH "))?|" LOW HEAP \
    "|[" blanks BLANKS "])*$"
#define PATTERN_BEBAS "^" FREE_TEXT("\\t\\n\\r ")
#define PATTERN_BARIS "^(?=[\\s\\S]{0,1000}$)" FREE_TEXT(" ")
/* clang-format on */

#endif
