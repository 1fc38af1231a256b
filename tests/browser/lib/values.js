// SPDX-License-Identifier: Apache-2.0
// Rules of every kind, and values around the borders of each: for asking the
// browser and the server the same question.
'use strict';

const fs = require('fs');
const path = require('path');

const TOP = path.resolve(__dirname, '../../..');

// xorshift: the same values in every run of one seed.
function random(seed) {
    let x = (seed >>> 0) || 1;
    return (below) => {
        x ^= x << 13;
        x >>>= 0;
        x ^= x >>> 17;
        x ^= x << 5;
        x >>>= 0;
        return x % below;
    };
}

const pick = (rnd, list) => list[rnd(list.length)];

// ---- vectors of the unit tests ------------------------------------------

// The characters of a C string literal that has no more than UTF-8 in it;
// null for the others, which no form can send.
function fromC(literal) {
    const bytes = [];
    const parts = literal.match(/"(?:[^"\\]|\\.)*"/g);
    for (const part of parts) {
        const body = part.slice(1, -1).replace(
            /\\x([0-9a-fA-F]{1,2})|\\([0-7]{1,3})|\\(.)/g,
            (all, hex, octal, one) => {
                const simple = { n: 10, r: 13, t: 9, '0': 0 };
                const code = hex ? parseInt(hex, 16)
                    : octal ? parseInt(octal, 8)
                        : one in simple ? simple[one] : one.charCodeAt(0);
                return String.fromCharCode(0xe000 + code);
            });
        for (const c of body) {
            const code = c.codePointAt(0);
            if (code >= 0xe000 && code < 0xe100) {
                bytes.push(code - 0xe000);
            } else {
                bytes.push(...Buffer.from(c));
            }
        }
    }
    const text = Buffer.from(bytes).toString('utf8');
    return text.includes('\ufffd') || text.includes('\0') ? null : text;
}

// {format: [value, ...]}
function vectors() {
    const found = { 'date-time': ['2016-12-31T23:59:60+07:00'] };
    for (const file of ['format_test.c', 'format_id_test.c',
        'format_text_test.c']) {
        const source = fs.readFileSync(`${TOP}/tests/unit/${file}`, 'utf8');
        const rows = source.matchAll(
            /\b(?:YES|NO)\(\s*"([a-z0-9_-]+)",\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)/g);
        for (const [, format, literal] of rows) {
            const text = fromC(literal);
            if (text !== null && text !== '') {
                (found[format] = found[format] || []).push(text);
            }
        }
    }
    return found;
}

// ---- mutations --------------------------------------------------------------

const SCRAPS = ['0', '1', '9', 'a', 'Z', ' ', '.', '-', '/', ',', "'", '+', '@',
    ':', '_', '(', ')', '#', '%', '\u00e9', '\u00a0', '\u200b', '\u0301',
    '\u{1f600}', '\u4e2d', '\r\n', '\t', '\u0660', '\uff11', '\u202e', '"'];

function mutate(rnd, text) {
    const all = Array.from(text);
    const at = rnd(all.length + 1);
    switch (rnd(6)) {
    case 0: all.splice(at, 0, pick(rnd, SCRAPS)); break;
    case 1: all.splice(at, 1); break;
    case 2: all.splice(at, 1, pick(rnd, SCRAPS)); break;
    case 3: all.splice(at, 1, String(rnd(10))); break;
    case 4: all.splice(at, 0, ...all.slice(at, at + 1 + rnd(3))); break;
    default:
        if (at + 1 < all.length) {
            [all[at], all[at + 1]] = [all[at + 1], all[at]];
        }
    }
    return all.join('');
}

function mutations(rnd, seeds, count) {
    const out = [];
    for (let i = 0; i < count; i++) {
        let text = pick(rnd, seeds);
        for (let n = 1 + rnd(2); n > 0; n--) {
            text = mutate(rnd, text);
        }
        out.push(text);
    }
    return out;
}

// ---- values by kind -----------------------------------------------------------

const LETTERS = ['a', '\u00e9', '\u{1f600}', '\n', '\r\n', 'e\u0301', ' ',
    '\u{20000}', '7', '\ud800'];

// Lengths around min and max, in units that are counted in different ways.
function texts(rnd, lengths) {
    const out = [];
    for (const length of lengths) {
        for (const delta of [-2, -1, 0, 1, 2]) {
            const n = length + delta;
            if (n > 0) {
                for (const letter of LETTERS) {
                    out.push(letter.repeat(n));
                }
                out.push(Array.from({ length: n },
                    () => pick(rnd, LETTERS)).join(''));
            }
        }
    }
    return out;
}

const NUMBERS = ['0', '-0', '1', '-1', '1.0', '1.00', '01', '+1', '.5', '1.',
    '1e0', '1e1', '1E1', '1e+1', '1e-1', '10e-1', '100e-2', '0.1e1', '1e5',
    '1e400', '1e-400', '1e2000000000', '-1e2000000000', '0e99', '0.0', '0.10',
    '0.1', '0.2', '0.3', '0.30000000000000004', '0.7', '9007199254740993',
    '9007199254740992', '9007199254740992.0', '2147483647', '2147483648',
    '-2147483648', '-2147483649', '9223372036854775807', '9223372036854775808',
    '-9223372036854775808', '-9223372036854775809', '1e308', '1.8e308',
    '123456789012345678901234567890', '1.5', '-1.5', ' 1', '1 ', '1,5', '1_0',
    '0x10', 'NaN', 'Infinity', '-', 'e5', '1e', '--1', '\u0661', '\uff11',
    'true', 'null', '1\n', '1\u00a0', '99', '99.99', '99.999', '100', '100.0',
    '100.00000000000000000001', '5', '5.5', '7', '12', '24', '36', '2.5',
    '0.01', '0.011', '1e-2', '1e-3', '1000000', '1e6', '3', '4', '6', '-3'];

function numbers(rnd) {
    const out = NUMBERS.slice();
    for (let i = 0; i < 60; i++) {
        out.push(`${rnd(2) ? '-' : ''}${rnd(130)}`
            + `${rnd(2) ? `.${rnd(1000)}` : ''}`
            + `${rnd(4) ? '' : `e${rnd(2) ? '-' : ''}${rnd(5)}`}`);
    }
    return out.concat(mutations(rnd, NUMBERS, 40));
}

const PLAIN = ['a', 'A', 'ab', 'abc', 'abcd', 'abc ', ' abc', 'ABC', 'x', 'y',
    'ya', 'Ya', 'ya ', 'tidak', '\u00e9', 'e\u0301', 'a\nb', 'a\r\nb', 'a\rb',
    '\n', '\t', ' ', '\u00a0', '\u{1f600}', '\u{1f468}\u200d\u{1f469}', '12',
    '12a', 'a-b', 'a_b', 'a.b', '2026-000123', '2026-00012', '0', '1', '1.0',
    '2', '3', 'true', 'false', 'null', 'True', 'on', '\u0001', '\u007f',
    '\u0085', 'a\u0000b', '%41', '%27', '%2e%2e', '100%', '%u0027',
    '<b>', "O'Brien", 'kota & desa', 'a+b', 'a=b&c=d', '\u0130stanbul',
    'stra\u00dfe', '\u212a', '\u017f', '\ud800', '\udc00a', '\ufeffa', '\u2028',
    '\u202ea', 'x'.repeat(300)];

// ---- rules -----------------------------------------------------------------------

const PATTERNS = ['^[0-9]{4}-[0-9]{6}$', '^[a-z]+$', 'b', '^a|b$', '^.$', '^.{2,3}$',
    '^\\w+$', '^\\d{1,3}$', '^\\s*\\S+\\s*$', '^[^\\n]*$', '^\\p{L}+$',
    '^\\p{Script=Latin}+$', '^[\\p{L}\\p{N} ]{1,5}$', '^(?=.*[0-9]).+$',
    '^(?:ya|tidak)$', '^(a|b)\\1$', '^[\\u0041-\\u005a]+$', '^\\u{1F600}$',
    '^(?<x>a)\\k<x>$', '\\bab\\b', '^a{2,}?$', '^[\\w.-]+$', '^$|^x', '^\\t$'];

const NUMBER_RULES = [
    {}, { minimum: 1, maximum: 5 }, { exclusiveMinimum: 0, exclusiveMaximum: 1 },
    { minimum: -1.5, maximum: 99.99 }, { multipleOf: 3 }, { multipleOf: 0.01 },
    { multipleOf: 2.5, minimum: 0 }, { maximum: 9007199254740992 },
    { minimum: 1e-2 }, { enum: [1, 2.5, 100] }, { const: 1 },
    { multipleOf: 1e-3, exclusiveMaximum: 100 }];

const MIXED = {
    tanpa: { minLength: 3 }, tanpa_pola: { pattern: '^[a-z]+$' },
    tanpa_besar: { maximum: 5, maxLength: 4 },
    campur: { type: ['string', 'integer'], minLength: 3, minimum: 2 },
    campur_pilih: { enum: ['a', 1, true, null] },
    kosong: { type: ['integer', 'null'], minimum: 1 },
    kosong_teks: { type: ['string', 'null'], minLength: 5 },
    salah_satu: { anyOf: [{ const: 'a' }, { pattern: '^[0-9]{2}$' }] },
    bukan: { type: 'string', not: { const: 'abc' } },
    rahasia: { type: 'string', enum: ['a', 'abc'], 'x-spbe-sensitivity': 'secret' },
    rahasia_pola: { type: 'string', pattern: '^[a-z]+$', 'x-spbe-sensitivity': 'secret' },
    semua: { allOf: [{ type: 'string', minLength: 2 }, { maxLength: 4 }] },
    dua_pola: { allOf: [{ type: 'string', pattern: '^a' }, { pattern: 'b$' }] },
    benar: { type: 'boolean' }, benar_saja: { type: 'boolean', const: true },
    pilih: { type: 'string', enum: ['a', 'abc', 'A', '1', 'O\'Brien'] },
    tetap: { const: 'ya' }, tetap_angka: { const: 1 },
    int32: { type: 'integer', format: 'int32' },
    int64: { type: 'integer', format: 'int64' },
    ganda: { type: 'number', format: 'double' }
};

const LISTS = {
    daftar: { type: 'array', items: { type: 'string', enum: ['a', 'b', 'c'] }, minItems: 2, maxItems: 3 },
    daftar_unik: { type: 'array', items: { type: 'string', maxLength: 3 }, uniqueItems: true },
    daftar_angka: { type: 'array', items: { type: 'integer', minimum: 1 }, uniqueItems: true, maxItems: 4 },
    daftar_bebas: { type: 'array', items: {} }
};

const ITEMS = ['a', 'b', 'c', 'd', '1', '1.0', '2', '01', '', 'abc', 'abcd', '\n', '\u{1f600}', '-1'];

function lists(rnd) {
    return Array.from({ length: 150 }, () => Array.from({ length: 1 + rnd(5) },
        () => pick(rnd, ITEMS)));
}

// [{name, schema, values: [[text, ...], ...]}]
function kinds(seed, formats) {
    const rnd = random(seed);
    const known = vectors();
    const out = [];
    const add = (name, schema, values) => out.push({ name, schema,
        values: values.map((v) => Array.isArray(v) ? v : [v]) });
    for (const [format, example] of Object.entries(formats)) {
        const seeds = (known[format] || []).concat(example || []);
        add(`format_${format}`, { type: 'string', format }, seeds
            .concat(PLAIN, mutations(rnd, seeds.concat(PLAIN), 150)));
    }
    for (const [min, max] of [[2, 5], [1, 1], [0, 3], [3, 3], [10, 12]]) {
        add(`panjang_${min}_${max}`, { type: 'string', minLength: min, maxLength: max },
            texts(rnd, [min, max]));
    }
    PATTERNS.forEach((pattern, i) => add(`pola_${i}`, { type: 'string', pattern, maxLength: 200 },
        PLAIN.concat(mutations(rnd, PLAIN, 150))));
    NUMBER_RULES.forEach((rule, i) => {
        add(`bulat_${i}`, { type: 'integer', ...rule }, numbers(rnd));
        add(`angka_${i}`, { type: 'number', ...rule }, numbers(rnd));
    });
    for (const [name, schema] of Object.entries(MIXED)) {
        add(name, schema, PLAIN.concat(numbers(rnd), mutations(rnd, PLAIN, 100)));
    }
    for (const [name, schema] of Object.entries(LISTS)) {
        add(name, schema, lists(rnd));
    }
    return out;
}

// ---- two fields -----------------------------------------------------------------

const OPS = ['<', '<=', '==', '!=', '>=', '>'];
const SIDES = ['2026-11-21', '2026-11-22', '2026-02-31', '0000-01-01', '9999-12-31', '21-11-2026',
    '21/11/2026', '2026-11-21T08:30', '2026-11-21T08:30:00Z', '2026-11-21 09:00', '08:30', '08:31',
    '8:30', '24:00', '08:30:00', '1', '1.0', '-1', '01', '1e400', '10', '9', 'a', 'A', 'a ', ' a',
    'warga@contoh.example', '1a', 'a1', '-', '', ' 1', '1\t', ' 2026-11-21', '\n', '\u00a01'];

function pairs(seed) {
    const rnd = random(seed);
    return Array.from({ length: 900 }, (_, i) => ({ op: OPS[i % OPS.length],
        left: pick(rnd, SIDES), right: pick(rnd, SIDES) }));
}

// ---- files ------------------------------------------------------------------------

const base64 = (text) => Buffer.from(text).toString('base64');
const CONTENTS = {
    pdf: base64('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'),
    png: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    gif: 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
    jpg: '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////'
        + '////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z',
    csv: base64('nama,kota\nBudi,Batam\n'),
    svg: base64('<svg xmlns="http://www.w3.org/2000/svg"/>')
};

const FILE_RULES = {
    f_pdf: { types: ['pdf'] }, f_titik: { types: ['pdf', 'png', 'gif', 'jpeg'] }, f_media: { types: ['application/pdf', 'image/jpeg'] },
    f_gambar: { types: ['image/*'] }, f_csv: { types: ['text/csv'] }, f_bebas: {},
    f_kecil: { maxSize: 60, types: ['pdf', 'png'] }, f_dua: { maxCount: 2, types: ['pdf', 'png', 'csv'] }
};

// As the systems of people name them.
const NAMED = [['a.pdf', 'application/pdf'], ['A.PDF', 'application/pdf'], ['a.pdf', ''], ['a.pdf', 'application/octet-stream'],
    ['a.pdf', 'application/x-pdf'], ['a.png', 'image/png'], ['a.PNG', 'image/x-png'], ['a.jpg', 'image/jpeg'], ['a.jpeg', 'image/jpg'],
    ['a.jpg', 'image/pjpeg'], ['a.jfif', 'image/jpeg'], ['a.gif', 'image/gif'], ['a.csv', 'text/csv'], ['a.csv', 'application/vnd.ms-excel'],
    ['a.csv', 'text/plain'], ['a.csv', ''], ['a.svg', 'image/svg+xml'], ['pdf', 'application/pdf'], ['a', 'image/png'], ['a.', ''],
    ['.pdf', 'application/pdf'], ['a.pdf.php', 'application/pdf'], ['a.php.', 'application/pdf'],
    ['a.php.pdf', 'application/pdf'], ['a.pdf ', 'application/pdf'],
    ['surat keterangan (1).pdf', 'application/pdf'], ['a.txt', 'text/plain'], ['a.pdf', 'image/png'], ['a.png', 'application/pdf']];

// [{rule, files: [{name, type, content}]}]
function uploads(seed) {
    const rnd = random(seed);
    const out = [];
    for (const rule of Object.keys(FILE_RULES)) {
        for (const [name, type] of NAMED) {
            const own = Object.keys(CONTENTS).find((k) => name.toLowerCase().includes(k)) || pick(rnd, Object.keys(CONTENTS));
            out.push({ rule, files: [{ name, type, content: CONTENTS[own] }] });
        }
        for (let i = 0; i < 20; i++) {
            out.push({ rule, files: Array.from({ length: 1 + rnd(3) }, () => {
                const [name, type] = pick(rnd, NAMED);
                return { name, type, content: CONTENTS[pick(rnd, Object.keys(CONTENTS))] };
            }) });
        }
    }
    return out;
}

module.exports = { kinds, pairs, uploads, OPS, FILE_RULES };
