// SPDX-License-Identifier: Apache-2.0
// Pages with forms of many kinds, the policy that guards them, and an
// application that says what reached it.
'use strict';

const text = (id, en, schema) => ({ type: 'string', 'x-spbe-label': { id, en }, ...schema });

const warga = {
    type: 'object',
    required: ['nama', 'nik', 'cara'],
    properties: {
        nama: text('Nama lengkap', 'Full name', { format: 'nama', minLength: 2, maxLength: 100 }),
        nik: text('NIK', 'NIK', { format: 'nik' }),
        email: text('E-mail', 'E-mail', { format: 'email', maxLength: 254 }),
        hp: text('Nomor HP', 'Mobile number', { format: 'hp' }),
        situs: text('Situs', 'Web site', { format: 'uri', maxLength: 200 }),
        mulai: text('Mulai', 'From', { format: 'date' }),
        sampai: text('Sampai', 'Until', { format: 'date' }),
        nomor: text('Nomor', 'Number', { pattern: '^[A-Z]{2}-[0-9]{3}$', maxLength: 6,
            'x-spbe-hint': { id: 'Dua huruf, tanda hubung, tiga angka: <b>AB-123</b>', en: 'As in <b>AB-123</b>' } }),
        keperluan: text('Keperluan', 'Purpose', { enum: ['sekolah', 'kerja'] }),
        cara: text('Cara', 'Way', { enum: ['ambil', 'kirim'] }),
        topik: { type: 'array', items: { enum: ['a', 'b', 'c'] }, maxItems: 2, 'x-spbe-label': 'Topik' },
        jumlah: { type: 'integer', minimum: 1, maximum: 5, 'x-spbe-label': 'Jumlah' },
        ringkas: text('Ringkas', 'Short', { maxLength: 6 }),
        catatan: text('Catatan', 'Remarks', { format: 'teks_bebas', minLength: 3, maxLength: 10 }),
        berkas: { type: 'array', items: { type: 'string', format: 'binary' },
            'x-spbe-label': { id: 'Berkas', en: 'Files' },
            'x-spbe-file': { maxSize: '100K', maxCount: 2, types: ['pdf', 'image/png'] } },
        action: { type: 'string', maxLength: 3 },
        elements: { type: 'string', maxLength: 3 }
    },
    'x-spbe-compare': [{ left: 'mulai', op: '<=', right: 'sampai' }]
};

const body = (schema) => ({ requestBody: { content: {
    'multipart/form-data': { schema }, 'application/x-www-form-urlencoded': { schema } } } });

const inPath = (name) => ({ name, in: 'path', required: true, schema: { type: 'string', maxLength: 40 } });

const policy = {
    openapi: '3.1.0', info: { title: 'Uji', version: '1' },
    paths: {
        '/halaman/{nama}': { parameters: [inPath('nama')], get: { parameters: [
            { name: 'kata', in: 'query', schema: { type: 'string', minLength: 3, maxLength: 20 } }] },
        post: body({ type: 'object', properties: { lain: { type: 'string', maxLength: 2 } } }) },
        '/warga': { post: body(warga) },
        '/warga/{id}': { parameters: [inPath('id')], post: body({ type: 'object', required: ['status'],
            properties: { status: { enum: ['ya', 'tidak'] } } }) }
    }
};

const input = (name, more = '') => `<label>${name} <input name="${name}" ${more}></label>\n`;
const form = (fields, more = '') => `<form method="post" action="/warga" ${more}>${fields}<button>Kirim</button></form>\n`;

const PENUH = ['nama', 'nik', 'email', 'hp', 'situs', 'mulai', 'sampai', 'nomor', 'ringkas'].map((n) => input(n)).join('')
    + input('jumlah', 'type="number"')
    + '<label>Keperluan <select name="keperluan"><option value="">Pilih</option><option>sekolah</option><option>kerja</option>'
    + '<option>lain</option></select></label>'
    + '<fieldset><legend>Cara</legend><label><input type="radio" name="cara" value="ambil"> Ambil</label>'
    + '<label><input type="radio" name="cara" value="kirim"> Kirim</label></fieldset>'
    + '<fieldset><legend>Topik</legend>' + ['a', 'b', 'c'].map((v) => `<label><input type="checkbox" name="topik" value="${v}"> ${v}</label>`).join('')
    + '</fieldset>'
    + '<label>Catatan <textarea name="catatan"></textarea></label>'
    + '<label>Berkas <input type="file" name="berkas" multiple></label>';

const MULTIPART = 'enctype="multipart/form-data"';

const pages = {
    penuh: { body: form(PENUH, MULTIPART) },
    full: { lang: 'en', body: form(PENUH, MULTIPART) },
    'bagian-en': { body: `<div lang="en-GB">${form(input('nik'))}</div>` },
    nonce: { csp: "script-src 'nonce-q1W2/e3=' 'strict-dynamic'; object-src 'none'", body: form(input('nik')) },
    larangan: { csp: "script-src 'none'", body: form(input('nik')) },
    novalidate: { body: form(input('nik'), 'novalidate') },
    dua: { body: form(input('nik')) + `<form method="post" action="/warga/7?x=1" id="dua">${input('status')}<button>Simpan</button></form>`
        + `<form id="cari">${input('kata')}<button>Cari</button></form>` },
    tombol: { body: form(input('nik') + '<button id="lewat" formnovalidate>Simpan draf</button>'
        + '<button id="lain" formaction="/warga/9" name="status" value="ya">Lain</button>') },
    nanti: { body: '<button id="buat">Buat</button><p id="tempat"></p>', script: '/halaman.js' },
    sendiri: { body: form(input('nik') + input('milik', 'required') + input('kode', 'pattern="[0-9]{3}"'), 'id="f"') },
    sembunyi: { body: form(input('nama') + '<input name="nik" style="display:none"><input name="hp" id="hp" style="display:none">'
        + '<label for="hp">Nomor HP</label>') , csp: "default-src 'self'; style-src 'unsafe-inline'" },
    nama: { body: form(input('nik') + input('action') + input('elements') + input('method') + input('submit') + input('name')) },
    kalender: { body: form(input('mulai', 'class="datepicker"') + input('sampai', 'value="31/12/2030"') + input('nik', 'autocomplete="off" maxlength="16"')) },
    potongan: { fragment: '<p>Potongan</p>' },
    kosong: { body: '<p>Tanpa formulir</p>' }
};

const SCRIPT = `document.getElementById('buat').addEventListener('click', function () {
    document.getElementById('tempat').innerHTML = '<form method="post" action="/warga">'
        + '<label>NIK <input name="nik"></label><button id="kirim">Kirim</button></form>';
});`;

function html(name) {
    const page = pages[name];
    if (page.fragment) {
        return page.fragment;
    }
    return `<!DOCTYPE html>
<html lang="${page.lang || 'id'}"><head><meta charset="utf-8"><title>${name}</title>
<link rel="icon" href="/halaman.ico"></head>
<body><main><h1>${name}</h1>
${page.body}</main>${page.script ? `<script src="${page.script}"></script>` : ''}</body></html>
`;
}

// application.received: bodies of forms, as text.
function application(request, response) {
    const url = new URL(request.url, 'http://a');
    const name = decodeURIComponent(url.pathname.split('/').pop());
    const chunks = [];
    request.on('data', (bytes) => chunks.push(bytes));
    request.on('end', () => {
        if (request.method === 'POST') {
            application.received.push(Buffer.concat(chunks).toString());
            response.setHeader('Content-Type', 'text/html; charset=utf-8');
            response.end('<!DOCTYPE html><html lang="id"><title>Diterima</title><h1>Diterima</h1>');
        } else if (name === 'halaman.js') {
            response.setHeader('Content-Type', 'text/javascript');
            response.end(SCRIPT);
        } else if (pages[name]) {
            response.setHeader('Content-Type', 'text/html; charset=utf-8');
            response.setHeader('Content-Security-Policy', pages[name].csp || "default-src 'self'");
            response.end(html(name));
        } else {
            response.statusCode = /^(halaman|favicon)\.ico$/.test(name) ? 204 : 404;
            response.end();
        }
    });
}
application.received = [];

module.exports = { application, policy };
