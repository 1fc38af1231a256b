// SPDX-License-Identifier: Apache-2.0
// What a person meets who fills in a form: attributes, messages, the keyboard,
// and what is sent. Every page but two is under default-src 'self'; any
// complaint of the browser is a failure.
'use strict';

const fs = require('fs');
const zlib = require('zlib');
const { test, check, same, main } = require('./lib/harness');
const { startGuard, TOP } = require('./lib/guard');
const { launch, openPage, notes, focused } = require('./lib/browser');
const { application, policy } = require('./lib/site');

const NIK = '2171994508909999';
const WRONG_NIK = 'Harus berupa NIK: 16 angka tanpa spasi, sesuai KTP atau KK. Contoh: 2171994508909999';

let guard;
let browser;

// A page of the site, and run(page) with it; nothing may be complained of.
async function on(name, run, options) {
    const page = await openPage(browser, options);
    application.received.length = 0;
    await page.goto(`${guard.url}/halaman/${name}`);
    await run(page);
    same(page.complaints, [], `${name}: the browser complains`);
    await page.context().close();
}

const field = (page, name) => page.locator(`[name="${name}"]`).first();
const send = (page) => page.locator('form button').first().click();

// Sends, and waits for what comes of it: "Diterima", or another title.
async function sent(page, action = () => send(page)) {
    await Promise.all([page.waitForNavigation(), action()]);
    return page.title();
}

const attributes = (page, name, names) => field(page, name).evaluate((control, all) =>
    Object.fromEntries(all.map((n) => [n, control.getAttribute(n)])), names);

test('attributes that HTML has', () => on('penuh', async (page) => {
    same(await attributes(page, 'nama', ['required', 'minlength', 'maxlength', 'autocomplete', 'type']),
        { required: '', minlength: '2', maxlength: '200', autocomplete: 'name', type: null }, 'nama');
    const nik = await attributes(page, 'nik', ['required', 'inputmode', 'pattern']);
    same([nik.required, nik.inputmode], ['', 'numeric'], 'nik');
    check(await page.evaluate(([source, value]) => new RegExp(`^(?:${source})$`, 'v').test(value)
        && !new RegExp(`^(?:${source})$`, 'v').test(value.slice(1)), [nik.pattern, NIK]), 'its pattern');
    same(await attributes(page, 'email', ['type', 'inputmode', 'autocomplete']),
        { type: 'email', inputmode: 'email', autocomplete: 'email' }, 'email');
    same(await attributes(page, 'hp', ['type', 'autocomplete']), { type: 'tel', autocomplete: 'tel' }, 'hp');
    same(await attributes(page, 'situs', ['type']), { type: 'url' }, 'situs');
    same(await attributes(page, 'mulai', ['type']), { type: 'date' }, 'mulai');
    same(await attributes(page, 'nomor', ['pattern', 'maxlength']),
        { pattern: '[A-Z]{2}-[0-9]{3}', maxlength: '12' }, 'nomor');
    same(await attributes(page, 'jumlah', ['min', 'max', 'required']), { min: '1', max: '5', required: null }, 'jumlah');
    same(await attributes(page, 'cara', ['required']), { required: '' }, 'cara');
    same(await attributes(page, 'topik', ['required']), { required: null }, 'topik');
    same(await attributes(page, 'berkas', ['accept']), { accept: '.pdf,image/png' }, 'berkas');
    same(await attributes(page, 'catatan', ['minlength', 'pattern']), { minlength: '3', pattern: null }, 'catatan');
}));

test('what the page has said itself stays', () => on('kalender', async (page) => {
    same(await attributes(page, 'mulai', ['type']), { type: null }, 'a calendar of the page');
    same(await attributes(page, 'sampai', ['type']), { type: null }, 'a date in another order');
    same(await attributes(page, 'nik', ['autocomplete', 'maxlength']), { autocomplete: 'off', maxlength: '16' }, 'nik');
}));

test('messages in Indonesian, and nothing is sent', () => on('penuh', async (page) => {
    await field(page, 'nama').fill('B');
    await field(page, 'email').fill('warga.contoh');
    await field(page, 'nomor').fill('AB123');
    await send(page);
    same(await notes(page), {
        nama: 'Isi paling sedikit 2 huruf atau angka.',
        nik: 'Harus diisi.',
        email: 'Harus berupa alamat e-mail. Contoh: warga@contoh.example',
        nomor: 'Dua huruf, tanda hubung, tiga angka: <b>AB-123</b>',
        cara: 'Harus dipilih.'
    }, 'texts, and none of them as HTML');
    same(await focused(page), 'nama', 'focus');
    same(application.received, [], 'nothing was sent');
    const said = await page.$eval('.spbe-guard-message', (note) => [note.getAttribute('role'), note.lang,
        getComputedStyle(note).color, note.previousElementSibling.getAttribute('aria-describedby') === note.id,
        note.previousElementSibling.getAttribute('aria-invalid')]);
    same(said, ['alert', 'id', 'rgb(140, 29, 24)', true, 'true'], 'for screen readers, and styled');
}));

test('messages in English', () => on('full', async (page) => {
    await field(page, 'nik').fill('1');
    await field(page, 'nomor').fill('AB123');
    await send(page);
    same(await notes(page), {
        nama: 'This must be filled in.',
        nik: (await notes(page)).nik,
        nomor: 'As in <b>AB-123</b>',
        cara: 'This must be chosen.'
    }, 'texts');
    check((await notes(page)).nik.startsWith('Must be'), 'the format in English');
}));

test('the nearest language counts', () => on('bagian-en', async (page) => {
    await send(page);
    same(await notes(page), { nik: 'This must be filled in.' }, 'of a part of the page');
}));

test('a message comes when a field is left, and goes when it is right', () => on('penuh', async (page) => {
    await field(page, 'nik').focus();
    await page.keyboard.type('217199450890999');
    same(await notes(page), {}, 'nobody is scolded while typing');
    await page.keyboard.press('Tab');
    same(await notes(page), { nik: WRONG_NIK }, 'left');
    await field(page, 'nik').focus();
    await page.keyboard.press('End');
    await page.keyboard.type('9');
    same(await notes(page), {}, 'right');
    same(await attributes(page, 'nik', ['aria-invalid', 'aria-describedby']),
        { 'aria-invalid': null, 'aria-describedby': null }, 'no trace is left');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    same(await notes(page), {}, 'an empty field is not complained of before it is sent');
}));

test('one after the other until it is sent', () => on('penuh', async (page) => {
    await send(page);
    same(Object.keys(await notes(page)).sort(), ['cara', 'nama', 'nik'], 'what is required');
    await field(page, 'nama').fill("Nur'aini Contoh, S.Kom.");
    await send(page);
    same(await focused(page), 'nik', 'the next');
    await field(page, 'nik').fill(NIK);
    await page.locator('[name="cara"][value="kirim"]').check();
    same(await notes(page), {}, 'all is well');
    same(await sent(page), 'Diterima', 'sent');
    check(application.received[0].includes("Nur'aini Contoh, S.Kom."), 'received');
}));

async function fillRequired(page) {
    await field(page, 'nama').fill('Budi');
    await field(page, 'nik').fill(NIK);
    await field(page, 'cara').check();
}

// Each: what is done, and the message that must come of it; null: it is sent.
const STEPS = [
    ['two dates in order', { mulai: '2030-01-02', sampai: '2030-01-02' }, null],
    ['two dates out of order', { mulai: '2030-01-03', sampai: '2030-01-02' },
        { mulai: 'Tidak boleh sesudah Sampai.' }],
    ['a pattern', { nomor: 'AB-123' }, null],
    ['a mobile number', { hp: '0812 0000 0000' }, null],
    ['no mobile number', { hp: '12' }, { hp: 'Harus berupa nomor HP Indonesia, diawali 08 atau +62. Contoh: 081200000000' }],
    ['a number too large', { jumlah: '7' }, { jumlah: 'Paling besar 5.' }],
    ['a number of another kind', { jumlah: '1.5' }, { jumlah: 'Harus berupa bilangan bulat, tanpa koma atau titik.' }],
    ['a whole number in another notation', { jumlah: '1e0' }, null],
    ['six emoji are six characters', { ringkas: '\u{1f600}'.repeat(6) }, null],
    ['seven are not', { ringkas: 'abcdef\u{1f600}' }, { ringkas: 'Isi paling banyak 6 huruf atau angka, termasuk spasi.' }],
    ['a line end counts as it is sent', { catatan: 'abcd\nefgh' }, null],
    ['two characters', { catatan: 'abcd\nefghi' }, { catatan: 'Isi paling banyak 10 huruf atau angka, termasuk spasi.' }],
    ['invisible characters', { catatan: 'abc\u202e' }, { catatan: 'Harus berupa teks biasa, tanpa karakter yang tidak terlihat. Contoh: Mohon dibantu. Terima kasih.' }],
    ['an address without a scheme', { situs: 'contoh.example' }, { situs: 'Harus berupa alamat web lengkap. Contoh: https://contoh.example/berkas' }]
];

for (const [name, values, expected] of STEPS) {
    test(`fields: ${name}`, () => on('penuh', async (page) => {
        await fillRequired(page);
        for (const [key, value] of Object.entries(values)) {
            await field(page, key).fill(value);
        }
        if (expected) {
            await send(page);
            same(await notes(page), expected, 'message');
            same(application.received, [], 'nothing was sent');
        } else {
            same(await sent(page), 'Diterima', 'sent, and the server agrees');
        }
    }));
}

test('the other date mends a comparison', () => on('penuh', async (page) => {
    await fillRequired(page);
    await field(page, 'mulai').fill('2030-01-03');
    await field(page, 'sampai').fill('2030-01-02');
    await send(page);
    same(await focused(page), 'mulai', 'focus');
    await field(page, 'sampai').fill('2030-01-04');
    same(await notes(page), {}, 'the message beside the first has gone');
}));

test('a choice that the policy does not have', () => on('penuh', async (page) => {
    await fillRequired(page);
    await field(page, 'keperluan').selectOption('lain');
    await send(page);
    same(await notes(page), { keperluan: 'Pilih salah satu: sekolah, kerja.' }, 'select');
    await field(page, 'keperluan').selectOption('kerja');
    same(await notes(page), {}, 'chosen');
    for (const value of ['a', 'b', 'c']) {
        await page.locator(`[name="topik"][value="${value}"]`).check();
    }
    await send(page);
    same(await notes(page), { topik: 'Isi atau pilih paling banyak 2.' }, 'checkboxes');
    same(await page.$eval('.spbe-guard-message', (n) => n.parentNode.nodeName), 'FIELDSET', 'below the group');
    await page.locator('[name="topik"][value="b"]').uncheck();
    same(await notes(page), {}, 'two of them');
    same(await sent(page), 'Diterima', 'sent');
}));

const file = (name, mimeType, size, content = '') => ({ name, mimeType,
    buffer: Buffer.concat([Buffer.from(content), Buffer.alloc(Math.max(0, size - content.length), 0x20)]) });
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

const FILES = [
    ['a PDF and a picture', [file('surat.pdf', 'application/pdf', 500, '%PDF-1.4\n'), { name: 'foto.PNG', mimeType: 'image/png', buffer: PNG }], null],
    ['three files', [1, 2, 3].map((i) => file(`${i}.pdf`, 'application/pdf', 50, '%PDF-1.4\n')), 'Pilih paling banyak 2 berkas.'],
    ['too large', [file('besar.pdf', 'application/pdf', 102401, '%PDF-1.4\n')], 'Ukuran berkas paling besar 100 KB.'],
    ['another kind', [file('foto.gif', 'image/gif', 50, 'GIF89a')], 'Jenis berkas yang dapat diterima: PDF, PNG. Nama dan isi berkas harus sesuai.']
];

for (const [name, files, expected] of FILES) {
    test(`files: ${name}`, () => on('penuh', async (page) => {
        await fillRequired(page);
        await field(page, 'berkas').setInputFiles(files);
        if (expected) {
            same(await notes(page), { berkas: expected }, 'at once');
            await send(page);
            same(application.received, [], 'nothing was sent');
            await field(page, 'berkas').setInputFiles([]);
            same(await notes(page), {}, 'taken back');
        }
        same(await sent(page), 'Diterima', 'sent');
    }));
}

test('a form that a script of the page makes', () => on('nanti', async (page) => {
    await page.click('#buat');
    await field(page, 'nik').fill('1');
    await page.click('#kirim');
    same(await notes(page), { nik: WRONG_NIK }, 'message');
    await field(page, 'nik').fill(NIK);
    await sent(page, () => page.click('#kirim'));
    check((await page.content()).includes('Nama lengkap'), 'sent; the form has less than the policy wants');
    page.complaints.length = 0; // the console tells of the status 422
}));

test('novalidate: attributes, but no messages; the server answers', () => on('novalidate', async (page) => {
    same(await attributes(page, 'nik', ['required', 'inputmode']), { required: '', inputmode: 'numeric' }, 'attributes');
    await field(page, 'nik').fill('1');
    await page.keyboard.press('Tab');
    same(await notes(page), {}, 'left to the page');
    await sent(page);
    check((await page.content()).includes('Harus berupa NIK'), 'the page of the refusal');
    page.complaints.length = 0;
}));

test('two forms, and each has its own rules', () => on('dua', async (page) => {
    await page.click('#dua button');
    same(await notes(page), { status: 'Harus dipilih.' }, 'the second');
    await page.click('#cari button');
    check(page.url().includes('?kata='), 'an empty query may be sent');
    await field(page, 'kata').fill('ab');
    await page.click('#cari button');
    same(await notes(page), { kata: 'Isi paling sedikit 3 huruf atau angka.' }, 'a query');
    await field(page, 'status').fill('ya');
    await sent(page, () => page.click('#dua button'));
    same(application.received, ['status=ya'], 'sent');
}));

test('buttons that are not to be checked', () => on('tombol', async (page) => {
    await sent(page, () => page.click('#lain'));
    same(application.received, ['nik=&status=ya'], 'to another address');
    await page.goto(`${guard.url}/halaman/tombol`);
    await sent(page, () => page.click('#lewat'));
    check((await page.content()).includes('Harus diisi'), 'formnovalidate: the server answers');
    page.complaints.length = 0;
}));

test('what the page itself asks for is asked still', () => on('sendiri', async (page) => {
    await field(page, 'nik').fill(NIK);
    await field(page, 'kode').fill('12');
    await send(page);
    same(Object.keys(await notes(page)).sort(), ['kode', 'milik'], 'both of its own fields');
    same(await focused(page), 'milik', 'focus');
    await field(page, 'milik').fill('x');
    await field(page, 'kode').fill('123');
    await field(page, 'nik').evaluate((control) => control.setCustomValidity('Tidak terdaftar'));
    await send(page);
    same(await notes(page), { nik: 'Tidak terdaftar' }, 'what a script has said');
    await page.evaluate(() => document.getElementById('f').reset());
    same(await notes(page), {}, 'an emptied form has no messages');
}));

test('a field that is not seen does not stop the form without a word', () => on('sembunyi', async (page) => {
    await field(page, 'nama').fill('Budi');
    await page.$eval('#hp', (control) => { control.value = '12'; });
    await send(page);
    same(Object.keys(await notes(page)), ['hp'], 'its label is seen');
    await page.$eval('#hp', (control) => { control.value = ''; });
    await sent(page);
    check((await page.content()).includes('NIK'), 'without one the server answers');
    page.complaints.length = 0;
}));

test('fields that are called like parts of a form', () => on('nama', async (page) => {
    await field(page, 'action').fill('abcd');
    await send(page);
    same(Object.keys(await notes(page)).sort(), ['action', 'nik'], 'messages');
    same(application.received, [], 'nothing was sent');
}));

test('a nonce is taken, and where no script may run there is none', async () => {
    await on('nonce', async (page) => {
        await send(page);
        same(await notes(page), { nik: 'Harus diisi.' }, 'nonce');
    });
    await on('larangan', async (page) => {
        same(await page.$$eval('script', (all) => all.length), 0, 'none');
    });
    await on('kosong', async (page) => {
        same(await page.$$eval('script', (all) => all.map((s) => s.getAttribute('src'))),
            ['/spbe-guard-client?path=/halaman/kosong'], 'once');
    });
});

test('what a script fetches is left alone', () => on('penuh', async (page) => {
    const texts = await page.evaluate(() => Promise.all(['penuh', 'potongan'].map(async (name) =>
        (await fetch(`/halaman/${name}`)).text())));
    check(texts[0].trimEnd().endsWith('</html>'), 'a page');
    same(texts[1], '<p>Potongan</p>', 'a fragment');
}));

test('without JavaScript the page works as before', () => on('penuh', async (page) => {
    await field(page, 'nama').fill('B');
    check((await sent(page)).length > 0, 'sent');
    const text = await page.locator('body').innerText();
    for (const part of ['Data Anda belum disimpan', 'Nama lengkap', 'Isi paling sedikit 2 huruf atau angka.', 'NIK', 'Harus diisi.', 'Harus dipilih.']) {
        check(text.includes(part), `the page of the refusal has "${part}"`);
    }
    same(application.received, [], 'refused');
    await page.goBack();
    await field(page, 'nama').fill('Budi');
    await field(page, 'nik').fill(NIK);
    await field(page, 'cara').check();
    same(await sent(page), 'Diterima', 'accepted');
    page.complaints.length = 0;
}, { javaScriptEnabled: false }));

test('one global name, and syntax that older browsers know', async () => {
    const names = (page) => page.evaluate(() => Object.getOwnPropertyNames(window));
    let before;
    await on('larangan', async (page) => { before = await names(page); });
    await on('penuh', async (page) => {
        same((await names(page)).filter((name) => !before.includes(name)), ['spbeGuardClient'], 'names');
    });
    const dir = `${TOP}/mod_spbe_guard/web`;
    const source = ['check', 'words', 'form', 'client']
        .map((part) => fs.readFileSync(`${dir}/spbe-guard-${part}.js`, 'utf8')).join('');
    const code = source.replace(/\/\*[\s\S]*?\*\//g, '');
    check(!/\?\.|\?\?|\*\*|\(\?<|\b\d+n\b|catch \{|\bimport\b|\beval\b|innerHTML/.test(code), 'nothing newer than 2018, nothing that makes code or HTML');
    const packed = zlib.gzipSync(source, { level: 9 }).length;
    check(packed < 12000, 'size');
    console.log(`NOTE script: ${source.length} bytes, ${packed} with gzip`);
});

test('axe-core finds nothing, with messages shown', () => on('penuh', async (page) => {
    await field(page, 'email').fill('x');
    await send(page);
    check(Object.keys(await notes(page)).length === 4, 'messages are shown');
    await page.evaluate(fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
    const found = await page.evaluate(() => window.axe.run());
    same(found.violations.map((v) => `${v.id} ${v.impact}: ${v.nodes.map((n) => n.html).join(' ')}`), [], 'violations');
}));

main(async () => {
    guard = await startGuard(application, (dir) => {
        fs.writeFileSync(`${dir}/policy.json`, JSON.stringify(policy));
        return `<Location />\n    SpbeGuardPolicy "${dir}/policy.json"\n</Location>\n`;
    });
    browser = await launch();
}, async () => {
    await (browser && browser.close());
    await (guard && guard.stop());
});
