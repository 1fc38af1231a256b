// SPDX-License-Identifier: Apache-2.0
// The same values to the rules in the browser and to the server: neither may
// refuse what the other accepts, but for the list of what only the server can
// know. Each value goes through a field of a page and is sent as that form
// would send it, to a real httpd.
'use strict';

const { spawnSync } = require('child_process');
const fs = require('fs');
const http = require('http');
const { test, check, main } = require('./lib/harness');
const { startGuard, TOP, BUILD } = require('./lib/guard');
const { launch, openPage } = require('./lib/browser');
const { kinds, pairs, uploads, OPS, FILE_RULES } = require('./lib/values');

const SEED = Number(process.env.SEED || 20261121);

// What the browser lets pass and the server does not, by "reason" of the
// verdict or "field: keyword", with why the browser cannot know it.
const SERVER_ONLY = {
    'double-encoding': 'what a second decoding would make of a text is judged where it is decoded',
    'format: email': 'domains in brackets have rules that no pattern holds',
    'format: hostname': 'labels of the kind xn-- are decoded and encoded again',
    'format: idn-email': 'IDNA 2008 needs the tables of Unicode',
    'format: idn-hostname': 'IDNA 2008 needs the tables of Unicode',
    'format: ipv6': 'the groups of an address are counted',
    'format: regex': 'a pattern of another engine is no pattern here',
    'format: date-time': 'a leap second depends on the zone',
    'format: time': 'a leap second depends on the zone',
    'format: uri': 'RFC 3986 in full is no pattern',
    'format: uri-reference': 'RFC 3986 in full is no pattern',
    'format: iri': 'RFC 3987 in full is no pattern',
    'format: iri-reference': 'RFC 3987 in full is no pattern',
    'format: uri-template': 'RFC 6570 in full is no pattern',
    'format: nip': 'the dates in it must agree with each other',
    'format: npwp_ketat': 'its check digit is computed',
    'format: tanggal_lahir': 'today is a matter of the server\'s clock',
    'format: int32': 'types of numbers beyond JSON Schema are OpenAPI\'s',
    'format: int64': 'types of numbers beyond JSON Schema are OpenAPI\'s',
    'format: double': 'types of numbers beyond JSON Schema are OpenAPI\'s',
    'contentEncoding: base64': 'bytes are decoded',
    'compare': 'days, hours and numbers in other notations',
    'filename': 'names that systems write in two ways',
    'file-type': 'what is in a file, and what kind of file a name stands for',
    'field salah_satu': 'anyOf is not told',
    'field bukan': 'not is not told',
    'field rahasia': 'the choices of a secret are secret',
    'field rahasia_pola': 'the pattern of a secret is secret',
    'field dua_pola': 'of two patterns none is told'
};

// Fields that are refused by both, but may be told of in other words.
const OTHER_WORDS = {
    campur: 'of several types the sentence is about one',
    campur_pilih: 'of several types the sentence is about one',
    kosong: 'of several types the sentence is about one',
    tanpa_besar: 'of several types the sentence is about one',
    tetap_angka: 'the browser has the type of the only choice as well',
    angka_10: 'the browser has the type of the only choice as well',
    benar_saja: 'the page of a refusal shows texts and numbers alone'
};

let guard;
let browser;
let page;
let all;
let words;

function formats() {
    const words = JSON.parse(fs.readFileSync(`${TOP}/conf/messages/id.json`, 'utf8'));
    const names = Object.keys(words.format)
        .filter((name) => !/^(binary|int32|int64|float|double)$/.test(name));
    check(names.length > 50, 'formats are read from the messages');
    return Object.fromEntries(names.map((name) => [name, null]));
}

function two() {
    return { type: 'object', properties: Object.fromEntries(OPS.flatMap((op, i) =>
        [[`kiri_${i}`, { type: 'string' }], [`kanan_${i}`, { type: 'string', 'x-spbe-label': `Kanan ${i}` }]])),
    'x-spbe-compare': OPS.map((op, i) => ({ left: `kiri_${i}`, op, right: `kanan_${i}` })) };
}

function files() {
    return { type: 'object', properties: Object.fromEntries(Object.entries(FILE_RULES).map(([name, rule]) =>
        [name, { type: 'array', items: { type: 'string', format: 'binary' }, 'x-spbe-file': rule }])) };
}

// What is asked for and not sent, with the first word of what is said of it.
const MISSING = {
    teks: ['diisi', { type: 'string', maxLength: 9 }],
    satu_huruf: ['diisi', { type: 'string', minLength: 1, maxLength: 9 }],
    bilangan: ['diisi', { type: 'integer' }],
    benar: ['diisi', { type: 'boolean' }],
    setuju: ['diisi', { const: 'ya' }],
    pilihan: ['dipilih', { enum: ['a', 'b'] }],
    pilihan_angka: ['dipilih', { type: 'integer', enum: [1, 2] }],
    pilihan_lain: ['dipilih', { allOf: [{ type: 'string' }, { enum: ['a', 'b'] }] }],
    daftar: ['dipilih', { type: 'array', items: { enum: ['a', 'b'] } }],
    daftar_bebas: ['diisi', { type: 'array', items: { type: 'string', maxLength: 9 } }],
    rahasia: ['diisi', { enum: ['a', 'b'], 'x-spbe-sensitivity': 'secret' }],
    berkas: ['dipilih', { type: 'string', format: 'binary' }],
    berkas_banyak: ['dipilih', { type: 'array', items: { type: 'string', format: 'binary' } }]
};

function missing() {
    return { type: 'object', required: Object.keys(MISSING),
        properties: Object.fromEntries(Object.entries(MISSING).map(([name, [, schema]]) => [name, schema])) };
}

function policy() {
    const properties = Object.fromEntries(all.map((kind) => [kind.name, kind.schema]));
    const schema = { type: 'object', additionalProperties: false, properties };
    return { openapi: '3.1.0', info: { title: 'Uji', version: '1' },
        paths: { '/dua': { post: { requestBody: { content: { 'multipart/form-data': { schema: two() } } } } },
            '/berkas': { post: { requestBody: { content: { 'multipart/form-data': { schema: files() } } } } },
            '/wajib': { post: { requestBody: { content: { 'multipart/form-data': { schema: missing() } } } } },
            '/isi': { get: {}, post: { requestBody: { content: {
            'multipart/form-data': { schema },
            'application/x-www-form-urlencoded': { schema } } } } } } };
}

function application(request, response) {
    request.resume();
    request.on('end', () => {
        response.setHeader('Content-Type', 'text/html; charset=utf-8');
        response.setHeader('Content-Security-Policy', "default-src 'self'");
        response.end('<!DOCTYPE html><html lang="id"><title>Uji</title>'
            + '<body><iframe name="hasil"></iframe>');
    });
}

function configure(dir) {
    fs.writeFileSync(`${dir}/policy.json`, JSON.stringify(policy()));
    return `<Location />
    SpbeGuardPolicy "${dir}/policy.json"
    SpbeGuardLimit value-length 2000000
</Location>`;
}

// In the page: rules by name, as the server gives them, and its words.
async function readRules(action) {
    const script = await page.evaluate(async () =>
        (await fetch('/spbe-guard-client?path=/isi')).text());
    const from = script.lastIndexOf('spbeGuardClient.start(') + 22;
    const to = script.indexOf(',\n{"id":', from);
    const rules = JSON.parse(script.slice(from, to));
    words = JSON.parse(script.slice(to + 1, script.lastIndexOf('});') + 1)).id;
    const form = rules.forms.find((f) => f.action === action && f.enctype === 'multipart/form-data');
    return Object.fromEntries(form.fields.map((rule) => [rule.name, rule]));
}

// In the page: {found, body, type} for each list of values.
function askBrowser(rule, lists, kind, coding) {
    return page.evaluate(async ([rule, lists, kind, coding, words]) => {
        const guard = window.spbeGuardClient;
        const form = document.createElement('form');
        document.body.append(form);
        const out = [];
        for (const values of lists) {
            form.replaceChildren(...values.map((value) => {
                const control = document.createElement(kind === 'textarea' ? kind : 'input');
                control.name = rule.name;
                if (kind !== 'textarea') {
                    control.type = kind;
                }
                control.value = value;
                return control;
            }));
            const list = guard.controls(form, rule.name);
            const answer = new Response(new FormData(form));
            const found = guard.check(rule, guard.valuesOf(list));
            out.push({ found, text: found && guard.sentence(words, rule, found, 'id'), type: answer.headers.get('content-type'), body: await answer.text() });
            if (coding === 'urlencoded') {
                // As a form is sent; fetch() alone would leave line ends as they are.
                const pairs = [...new FormData(form)].map(([name, value]) =>
                    [name, value.replace(/\r\n?|\n/g, '\r\n')]);
                Object.assign(out[out.length - 1], { type: 'application/x-www-form-urlencoded',
                    body: String(new URLSearchParams(pairs)) });
            }
        }
        form.remove();
        return out;
    }, [rule, lists, kind, coding, words]);
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 6 });

function post(type, body, path = '/isi') {
    return new Promise((resolve, reject) => {
        const bytes = Buffer.from(body);
        const request = http.request(guard.url + path, { agent, method: 'POST',
            headers: { 'Content-Type': type, 'Content-Length': bytes.length, Accept: 'application/json', 'Accept-Language': 'id' } },
        (response) => {
            const chunks = [];
            response.on('data', (chunk) => chunks.push(chunk));
            response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }));
        });
        request.on('error', reject);
        request.end(bytes);
    });
}

function asRequest({ type, body, path }) {
    const bytes = Buffer.from(body);
    return Buffer.concat([Buffer.from(`POST ${path || '/isi'} HTTP/1.1\r\nHost: a\r\n`
        + `Content-Type: ${type}\r\nContent-Length: ${bytes.length}\r\n\r\n`), bytes]);
}

// Named reasons of what the server has refused, from the same code in a tool.
function reasons(all) {
    const names = all.map((asked, i) => {
        fs.writeFileSync(`${guard.dir}/request.${i}`, asRequest(asked));
        return `${guard.dir}/request.${i}`;
    });
    const run = spawnSync(`${BUILD}/spbe-guardctl`, ['policy', 'test', `${guard.dir}/policy.json`, ...names],
        { maxBuffer: 1 << 28 });
    return JSON.parse(run.stdout).map(({ findings }) => findings.filter((f) => f.action === 'reject'));
}

const seen = {};

// Is every reason on the list? Counts them.
function isServers(findings) {
    return findings.length > 0 && findings.every((f) => {
        const keys = [f.reason, `${f.keyword}: ${f.arg}`, `field ${f.field}`];
        const key = keys.find((k) => k in SERVER_ONLY);
        if (key) {
            seen[key] = (seen[key] || 0) + 1;
        }
        return key;
    });
}

const counts = { values: 0, refused: 0, accepted: 0, servers: 0 };
const open = [];
const disagreements = [];

function judge(kind, values, asked, status) {
    counts.values++;
    if (status !== 200 && (status < 400 || status >= 500)) {
        throw new Error(`${kind.name} ${JSON.stringify(values)}: status ${status}`);
    }
    if ((status !== 200) === (asked.found !== null)) {
        counts[asked.found ? 'refused' : 'accepted']++;
        return;
    }
    open.push({ asked, status, told: `${kind.name} ${JSON.stringify(values)}: browser `
        + `${JSON.stringify(asked.found)}, server ${status}` });
}

// What was judged in two ways: is it the server's alone?
function settle() {
    const refused = open.filter(({ status }) => status !== 200);
    const found = refused.length > 0 ? reasons(refused.map(({ asked }) => asked)) : [];
    refused.forEach((one, i) => { one.findings = found[i]; });
    for (const { findings, told } of open.splice(0)) {
        if (findings && isServers(findings)) {
            counts.servers++;
        } else {
            disagreements.push(`${told} ${JSON.stringify(findings)}`);
        }
    }
}

let alike = 0;
const otherWords = new Set();
const unlike = [];

// Where the server has one thing to say of it, a person reads the same.
function compareTexts(kind, values, asked, answer) {
    const errors = answer.status === 422 ? JSON.parse(answer.text).errors : [];
    if (errors.length === 1 && asked.found) {
        if (errors[0].detail === asked.text) {
            alike++;
        } else if (OTHER_WORDS[kind.name]) {
            otherWords.add(kind.name);
        } else {
            unlike.push(`${kind.name} ${JSON.stringify(values)}: "${asked.text}", "${errors[0].detail}"`);
        }
    }
}

async function askBoth(rules, kind, lists, control, coding) {
    const asked = await askBrowser(rules[kind.name], lists, control, coding);
    const answers = await Promise.all(asked.map((a) => post(a.type, a.body)));
    asked.forEach((a, i) => {
        judge(kind, lists[i], a, answers[i].status);
        compareTexts(kind, lists[i], a, answers[i]);
    });
    settle();
}

function tell(title) {
    settle();
    console.log(`NOTE ${title}: ${counts.values} values, both accept ${counts.accepted}, `
        + `both refuse ${counts.refused}, server alone ${counts.servers}`);
    disagreements.slice(0, 40).forEach((line) => console.log(`  ${line}`));
}

let rules;

test('every rule and value: browser and server agree', async () => {
    rules = await readRules('/isi');
    for (const kind of all) {
        check(rules[kind.name], `${kind.name} is told to the browser`);
        await askBoth(rules, kind, kind.values, 'textarea');
    }
    tell(`seed ${SEED}`);
    check(counts.accepted > 3000 && counts.refused > 3000, 'both kinds of values were generated');
    check(disagreements.length === 0, `${disagreements.length} values are judged in two ways`);
});

test('and say the same of it', () => {
    console.log(`NOTE texts that are the same: ${alike}`);
    check(alike > 3000, 'texts were compared');
    check(Object.keys(OTHER_WORDS).every((name) => otherWords.has(name)), 'nothing on the list is told in the same words');
    check(unlike.length === 0, `${unlike.length} differ: ${unlike.slice(0, 40).join('\n')}`);
});

test('what a browser makes of a value before it is sent', async () => {
    const typed = { format_date: 'date', format_tanggal_lahir: 'date', format_email: 'email',
        format_surel: 'email', format_hp: 'tel', format_uri: 'url', format_nama: 'text',
        format_nik: 'text', pilih: 'search', bulat_1: 'number', angka_5: 'number', panjang_2_5: 'text' };
    for (const [name, control] of Object.entries(typed)) {
        const kind = all.find((k) => k.name === name);
        await askBoth(rules, kind, kind.values.slice(0, 250), control);
    }
    tell('by type of field');
    check(disagreements.length === 0, `${disagreements.length} values are judged in two ways`);
});

test('the same in an urlencoded form', async () => {
    for (const kind of all) {
        await askBoth(rules, kind, kind.values.slice(0, 80), 'textarea', 'urlencoded');
    }
    tell('urlencoded');
    check(disagreements.length === 0, `${disagreements.length} values are judged in two ways`);
});

// A form of the page, sent without asking the script.
function submit(name, values, type) {
    const answered = page.waitForResponse((r) => r.request().method() === 'POST');
    return Promise.all([answered, page.evaluate(([name, values, type]) => {
        const form = document.createElement('form');
        Object.assign(form, { method: 'post', action: '/isi', target: 'hasil', enctype: type });
        form.append(...values.map((value) => Object.assign(
            document.createElement('textarea'), { name, value })));
        document.body.append(form);
        form.submit();
        form.remove();
    }, [name, values, type])]);
}

test('forms that the browser itself has sent', async () => {
    for (const [i, kind] of all.entries()) {
        const values = kind.values[(7 * i) % kind.values.length];
        const type = i % 2 ? 'multipart/form-data' : 'application/x-www-form-urlencoded';
        const [asked] = await askBrowser(rules[kind.name], [values], 'textarea',
            i % 2 ? '' : 'urlencoded');
        const [response] = await submit(kind.name, values, type);
        const sent = response.request().postDataBuffer().toString();
        const boundary = /^--(.*)\r\n/.exec(asked.body);
        check(sent.replace(/----WebKitFormBoundary\w+/g, boundary ? boundary[1] : '') === asked.body,
            `${kind.name}: what was sent is what was asked: ${JSON.stringify(sent)}`);
        judge(kind, values, asked, response.status());
    }
    tell('sent by the browser');
    check(disagreements.length === 0, `${disagreements.length} values are judged in two ways`);
});

test('two fields against each other', async () => {
    const rows = pairs(SEED);
    const before = { ...counts };
    const asked = await page.evaluate(([all, words]) => Promise.all(all.map(async ({ op, left, right, i }) => {
        const guard = window.spbeGuardClient;
        const form = new FormData();
        form.append(`kiri_${i}`, left);
        form.append(`kanan_${i}`, right);
        const answer = new Response(form);
        const found = guard.holds(op, left, right) ? null
            : Object.assign(guard.fault(op, `Kanan ${i}`), { days: guard.areDays(left, right) });
        return { found, text: found && guard.sentence(words, {}, found, 'id'), path: '/dua',
            type: answer.headers.get('content-type'), body: await answer.text() };
    })), [rows.map((row) => ({ ...row, i: OPS.indexOf(row.op) })), words]);
    const texts = { days: 0, others: 0 };
    for (const [i, one] of asked.entries()) {
        const kind = { name: `compare ${rows[i].op}` };
        const values = [rows[i].left, rows[i].right];
        const answer = await post(one.type, one.body, '/dua');
        judge(kind, values, one, answer.status);
        compareTexts(kind, values, one, answer);
        texts[one.found && one.found.days ? 'days' : 'others'] += one.found ? 1 : 0;
    }
    tell('two fields');
    check(counts.refused - before.refused > 50, 'some are refused by both');
    check(texts.days > 0 && texts.others > 20, `both kinds of sentences were compared: ${JSON.stringify(texts)}`);
    check(unlike.length === 0, `${unlike.length} differ: ${unlike.slice(0, 40).join('\n')}`);
    check(disagreements.length === 0, `${disagreements.length} values are judged in two ways`);
});

test('what is missing', async () => {
    const told = await readRules('/wajib');
    const said = await page.evaluate(([told, words]) => Object.fromEntries(Object.values(told).map((rule) => {
        const guard = window.spbeGuardClient;
        const found = rule.files ? guard.checkFiles(rule, []) : guard.check(rule, []);
        return [rule.name, found && guard.sentence(words, rule, found, 'id')];
    })), [told, words]);
    const answer = await post('multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="lain"\r\n\r\n\r\n--b--\r\n', '/wajib');
    const errors = JSON.parse(answer.text).errors.map(({ pointer, detail }) => [pointer.slice(2), detail]);
    for (const [name, [word]] of Object.entries(MISSING)) {
        const details = errors.filter(([of]) => of === name).map(([, detail]) => detail).join(' ');
        check(said[name] === `Harus ${word}.`, `${name}: the browser says "${said[name]}"`);
        check(details === said[name], `${name}: the server says "${details}"`);
    }
});

function askFiles(rows, told) {
    return page.evaluate(([rows, told]) => Promise.all(rows.map(async ({ rule, files }) => {
        const form = document.createElement('form');
        const control = Object.assign(document.createElement('input'), { type: 'file', name: rule, multiple: true });
        const transfer = new DataTransfer();
        form.append(control);
        for (const file of files) {
            const bytes = Uint8Array.from(atob(file.content), (c) => c.charCodeAt(0));
            transfer.items.add(new File([bytes], file.name, { type: file.type }));
        }
        control.files = transfer.files;
        const answer = new Response(new FormData(form));
        const body = new Uint8Array(await answer.arrayBuffer());
        return { found: window.spbeGuardClient.checkFiles(told[rule], Array.from(control.files)), path: '/berkas',
            type: answer.headers.get('content-type'), body: btoa(Array.from(body, (c) => String.fromCharCode(c)).join('')) };
    })), [rows, told]);
}

test('files', async () => {
    const rows = uploads(SEED);
    const before = { ...counts };
    for (const [i, one] of (await askFiles(rows, await readRules('/berkas'))).entries()) {
        one.body = Buffer.from(one.body, 'base64');
        judge({ name: rows[i].rule }, rows[i].files.map((f) => `${f.name} ${f.type} ${f.content.slice(0, 8)}`), one,
            (await post(one.type, one.body, '/berkas')).status);
    }
    tell('files');
    check(counts.refused - before.refused > 100, 'some are refused by both');
    check(counts.accepted - before.accepted > 30, 'and some accepted');
    check(disagreements.length === 0, `${disagreements.length} files are judged in two ways`);
});

test('the list of what only the server knows has nothing that never occurs', () => {
    for (const key of Object.keys(SERVER_ONLY)) {
        check(seen[key] > 0, `"${key}" did not occur`);
    }
    console.log(`NOTE server alone: ${Object.entries(seen).map(([k, n]) => `${k} ${n}`).join(', ')}`);
});

main(async () => {
    all = kinds(SEED, formats());
    guard = await startGuard(application, configure);
    browser = await launch();
    page = await openPage(browser);
    await page.goto(`${guard.url}/isi`);
    await page.waitForFunction(() => window.spbeGuardClient && window.spbeGuardClient.start);
}, async () => {
    agent.destroy();
    await (browser && browser.close());
    await (guard && guard.stop());
});
