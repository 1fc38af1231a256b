// SPDX-License-Identifier: Apache-2.0
// The sample application of "make run", on its PHP-FPM: the form that a policy
// guards, with and without JavaScript, on wide and narrow screens. Pictures of
// it are left in build/check.
'use strict';

const fs = require('fs');
const { test, check, same, main } = require('./lib/harness');
const { startSample, BUILD } = require('./lib/guard');
const { launch, openPage, notes, focused } = require('./lib/browser');

const PDF = { name: 'surat pengantar.pdf', mimeType: 'application/pdf', buffer: Buffer.from(
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n'
    + 'trailer<</Root 1 0 R>>\n%%EOF\n') };

let sample;
let browser;

async function open(query, options) {
    const page = await openPage(browser, options);
    await page.goto(`${sample.url}/permohonan.php${query}`);
    return page;
}

const send = (page) => Promise.all([page.waitForNavigation(), page.click('button[type=submit]')]);
const text = (page) => page.locator('main').innerText();

test('wrong values: a message beside each, then all is put right and sent', async () => {
    const page = await open('?contoh=salah');
    await page.click('button[type=submit]');
    const wrong = await notes(page);
    same(Object.keys(wrong).sort(), ['alamat', 'berkas', 'cara', 'email', 'hp', 'jumlah', 'kode_pos', 'mulai',
        'nama', 'nik', 'setuju'], 'fields with a message');
    same([wrong.cara, wrong.berkas, wrong.setuju], ['Harus dipilih.', 'Harus dipilih.', 'Harus dicentang.'], 'what is chosen');
    same(wrong.mulai, 'Tidak boleh sesudah Berlaku sampai.', 'two dates');
    same(await focused(page), 'nama', 'focus');
    const right = { nama: "Nur'aini Contoh, S.Kom., M.T.", nik: '2171994508909999', email: 'warga@contoh.example',
        hp: '0812-0000-0000', alamat: 'Jl. A. Yani No. 1/2\nRT 03/RW 05', kode_pos: '29400', jumlah: '2', sampai: '2030-12-31' };
    for (const [name, value] of Object.entries(right)) {
        await page.fill(`[name="${name}"]`, value);
    }
    await page.check('[name="cara"][value="kirim"]');
    await page.check('[name="setuju"]');
    await page.setInputFiles('[name="berkas"]', PDF);
    same(await notes(page), {}, 'every message has gone');
    await send(page);
    const answer = await text(page);
    for (const part of ['Permohonan diterima', 'Hasil Verifikasi', 'Jl. A. Yani No. 1/2', "Nur'aini Contoh", 'surat pengantar.pdf']) {
        check(answer.includes(part), `"${part}" on the page of the application: ${answer}`);
    }
    same(page.complaints, [], 'complaints of the browser');
    await page.context().close();
});

test('without JavaScript: the server says the same', async () => {
    const page = await open('?contoh=salah', { javaScriptEnabled: false });
    await send(page);
    const answer = await page.locator('body').innerText();
    for (const part of ['Ada isian yang perlu diperbaiki', 'Data Anda belum disimpan', 'Nama lengkap', 'NIK', 'Nomor HP', 'Kode pos',
        'Alamat', 'Jumlah lembar', 'Cara menerima', 'Harus dipilih.', 'Berkas', 'Berlaku mulai', 'Tidak boleh sesudah Berlaku sampai.']) {
        check(answer.includes(part), `"${part}" on the page of the refusal: ${answer}`);
    }
    check(!answer.includes('warga.contoh') && !answer.includes('0123\n'), 'and no value');
    await page.goto(`${sample.url}/permohonan.php?contoh=benar`);
    await page.setInputFiles('[name="berkas"]', PDF);
    await send(page);
    check((await text(page)).includes('Permohonan diterima'), 'accepted');
    await page.context().close();
});

test('a file that is not what its name says: only the server can tell', async () => {
    const page = await open('?contoh=benar');
    await page.setInputFiles('[name="berkas"]', { ...PDF, buffer: Buffer.from('bukan PDF') });
    await send(page);
    check((await page.locator('body').innerText()).includes('Jenis berkas yang dapat diterima: PDF, JPG, PNG'), 'refused');
    await page.context().close();
});

for (const width of [1280, 360]) {
    test(`${width} pixels: looks, and axe-core`, async () => {
        const page = await open('?contoh=salah', { viewport: { width, height: 900 } });
        await page.click('button[type=submit]');
        fs.mkdirSync(`${BUILD}/check`, { recursive: true });
        await page.screenshot({ path: `${BUILD}/check/permohonan-${width}.png`, fullPage: true });
        check(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing is wider than the screen');
        const apart = await page.$$eval('.spbe-guard-message', (all) => all.filter((note) => {
            const control = document.querySelector(`[aria-describedby~="${note.id}"]`).getBoundingClientRect();
            const box = note.getBoundingClientRect();
            return box.top < control.bottom - 1 || box.top > control.bottom + 60 || box.width < 100;
        }).map((note) => note.textContent));
        same(apart, [], 'each message stands below its field');
        const csp = page.complaints.slice();
        await page.evaluate(fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
        const found = await page.evaluate(() => window.axe.run());
        same(found.violations.map((v) => `${v.id} ${v.impact}: ${v.nodes.map((n) => n.html).join(' ')}`), [], 'violations');
        same(csp, [], 'complaints of the browser');
        await page.context().close();
    });
}

main(async () => {
    sample = await startSample();
    browser = await launch();
}, async () => {
    await (browser && browser.close());
    await (sample && sample.stop());
});
