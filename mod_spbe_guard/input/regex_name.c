/* SPDX-License-Identifier: Apache-2.0 */
/*
 * input/regex_name.c - the names of \p{...}: ECMA-262 tells capitals from
 * small letters and knows no others than these. See regex_tree.h.
 */
#include "input/regex_tree.h"

/* ECMA-262, "Value aliases and canonical values for the Unicode property
 * General_Category": all names of one, and what PCRE2 calls it. */
static const char *const categories[][4] = {
    {"L&", "Cased_Letter", "LC", NULL},
    {"Pe", "Close_Punctuation", "Pe", NULL},
    {"Pc", "Connector_Punctuation", "Pc", NULL},
    {"Cc", "Control", "Cc", "cntrl"},
    {"Sc", "Currency_Symbol", "Sc", NULL},
    {"Pd", "Dash_Punctuation", "Pd", NULL},
    {"Nd", "Decimal_Number", "Nd", "digit"},
    {"Me", "Enclosing_Mark", "Me", NULL},
    {"Pf", "Final_Punctuation", "Pf", NULL},
    {"Cf", "Format", "Cf", NULL},
    {"Pi", "Initial_Punctuation", "Pi", NULL},
    {"L", "Letter", "L", NULL},
    {"Nl", "Letter_Number", "Nl", NULL},
    {"Zl", "Line_Separator", "Zl", NULL},
    {"Ll", "Lowercase_Letter", "Ll", NULL},
    {"M", "Mark", "M", "Combining_Mark"},
    {"Sm", "Math_Symbol", "Sm", NULL},
    {"Lm", "Modifier_Letter", "Lm", NULL},
    {"Sk", "Modifier_Symbol", "Sk", NULL},
    {"Mn", "Nonspacing_Mark", "Mn", NULL},
    {"N", "Number", "N", NULL},
    {"Ps", "Open_Punctuation", "Ps", NULL},
    {"C", "Other", "C", NULL},
    {"Lo", "Other_Letter", "Lo", NULL},
    {"No", "Other_Number", "No", NULL},
    {"Po", "Other_Punctuation", "Po", NULL},
    {"So", "Other_Symbol", "So", NULL},
    {"Zp", "Paragraph_Separator", "Zp", NULL},
    {"Co", "Private_Use", "Co", NULL},
    {"P", "Punctuation", "P", "punct"},
    {"Z", "Separator", "Z", NULL},
    {"Zs", "Space_Separator", "Zs", NULL},
    {"Mc", "Spacing_Mark", "Mc", NULL},
    {"Cs", "Surrogate", "Cs", NULL},
    {"S", "Symbol", "S", NULL},
    {"Lt", "Titlecase_Letter", "Lt", NULL},
    {"Cn", "Unassigned", "Cn", NULL},
    {"Lu", "Uppercase_Letter", "Lu", NULL},
};

/* Binary properties: name and short name, both known to PCRE2. */
static const char *const binaries[][2] = {
    {"Any", NULL},
    {"ASCII", NULL},
    {"ASCII_Hex_Digit", "AHex"},
    {"Alphabetic", "Alpha"},
    {"Bidi_Control", "Bidi_C"},
    {"Bidi_Mirrored", "Bidi_M"},
    {"Case_Ignorable", "CI"},
    {"Cased", NULL},
    {"Changes_When_Casefolded", "CWCF"},
    {"Changes_When_Casemapped", "CWCM"},
    {"Changes_When_Lowercased", "CWL"},
    {"Changes_When_Titlecased", "CWT"},
    {"Changes_When_Uppercased", "CWU"},
    {"Dash", NULL},
    {"Default_Ignorable_Code_Point", "DI"},
    {"Deprecated", "Dep"},
    {"Diacritic", "Dia"},
    {"Emoji", NULL},
    {"Emoji_Component", "EComp"},
    {"Emoji_Modifier", "EMod"},
    {"Emoji_Modifier_Base", "EBase"},
    {"Emoji_Presentation", "EPres"},
    {"Extended_Pictographic", "ExtPict"},
    {"Extender", "Ext"},
    {"Grapheme_Base", "Gr_Base"},
    {"Grapheme_Extend", "Gr_Ext"},
    {"Hex_Digit", "Hex"},
    {"IDS_Binary_Operator", "IDSB"},
    {"IDS_Trinary_Operator", "IDST"},
    {"ID_Continue", "IDC"},
    {"ID_Start", "IDS"},
    {"Ideographic", "Ideo"},
    {"Join_Control", "Join_C"},
    {"Logical_Order_Exception", "LOE"},
    {"Lowercase", "Lower"},
    {"Math", NULL},
    {"Noncharacter_Code_Point", "NChar"},
    {"Pattern_Syntax", "Pat_Syn"},
    {"Pattern_White_Space", "Pat_WS"},
    {"Quotation_Mark", "QMark"},
    {"Radical", NULL},
    {"Regional_Indicator", "RI"},
    {"Sentence_Terminal", "STerm"},
    {"Soft_Dotted", "SD"},
    {"Terminal_Punctuation", "Term"},
    {"Unified_Ideograph", "UIdeo"},
    {"Uppercase", "Upper"},
    {"Variation_Selector", "VS"},
    {"White_Space", "space"},
    {"XID_Continue", "XIDC"},
    {"XID_Start", "XIDS"},
};

static int is_name(spbe_span_t name, const char *cstr)
{
    return cstr != NULL && spbe_span_eq(name, spbe_span_from(cstr));
}

static int write_property(spbe_buf_t *out, int negated, const char *kind,
                          spbe_span_t name)
{
    spbe_buf_adds(out, negated ? "\\P{" : "\\p{");
    spbe_buf_adds(out, kind);
    spbe_buf_add(out, name);
    spbe_buf_addc(out, '}');
    return 1;
}

static int write_category(spbe_span_t name, int negated, spbe_buf_t *out)
{
    size_t i, k;

    for (i = 0; i < sizeof(categories) / sizeof(categories[0]); i++) {
        /* The short name that PCRE2 shares is among the others. */
        for (k = 1; k < 4; k++) {
            if (is_name(name, categories[i][k]) ||
                (categories[i][0][1] != '&' &&
                 is_name(name, categories[i][0]))) {
                return write_property(out, negated, "",
                                      spbe_span_from(categories[i][0]));
            }
        }
    }
    return 0;
}

static int write_binary(spbe_span_t name, int negated, spbe_buf_t *out)
{
    size_t i;

    if (is_name(name, "Assigned")) {
        return write_property(out, !negated, "", SPBE_SPAN("Cn"));
    }
    for (i = 0; i < sizeof(binaries) / sizeof(binaries[0]); i++) {
        if (is_name(name, binaries[i][0]) || is_name(name, binaries[i][1])) {
            return write_property(out, negated, "",
                                  spbe_span_from(binaries[i][0]));
        }
    }
    return 0;
}

/* Which scripts there are is left to PCRE2, which would take any capitals. */
static int is_script(spbe_span_t name)
{
    size_t i;

    for (i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        int first = i == 0 || name.ptr[i - 1] == '_';

        if (first ? !(c >= 'A' && c <= 'Z')
                  : c != '_' && !(c >= 'a' && c <= 'z')) {
            return is_name(name, "SignWriting");
        }
    }
    return name.len > 1 && name.ptr[1] >= 'a';
}

int spbe_regex_name_is_beyond(spbe_span_t name)
{
    return is_name(name, "Changes_When_NFKC_Casefolded") ||
           is_name(name, "CWKCF");
}

int spbe_regex_name_property(spbe_span_t name, int negated, spbe_buf_t *out)
{
    spbe_span_t value = name, key;

    if (spbe_span_chr(name, '=') == SPBE_NPOS) {
        return write_category(name, negated, out) ||
               write_binary(name, negated, out);
    }
    key = spbe_span_cut(&value, '=');
    if (is_name(key, "General_Category") || is_name(key, "gc")) {
        return write_category(value, negated, out);
    }
    if (!is_script(value)) {
        return 0;
    }
    if (is_name(key, "Script") || is_name(key, "sc")) {
        return write_property(out, negated, "sc:", value);
    }
    return (is_name(key, "Script_Extensions") || is_name(key, "scx")) &&
           write_property(out, negated, "scx:", value);
}
