<?php
// SPDX-License-Identifier: Apache-2.0
// Formulir yang dijaga kebijakan: lihat conf/samples/policies/permohonan.json.
// Halaman ini sengaja tidak memeriksa isian apa pun.
require __DIR__ . '/bagian.php';

// Ketat: hanya berkas dari server ini sendiri.
header("Content-Security-Policy: default-src 'self'; frame-ancestors 'none'; form-action 'self'");

const BENAR = [
    'nama' => "Nur'aini Contoh, S.Kom., M.T.", 'nik' => '2171994508909999', 'tanggal_lahir' => '1990-08-05',
    'email' => 'warga@contoh.example', 'hp' => '0812-0000-0000',
    'alamat' => 'Jl. A. Yani No. 1/2 RT 03/RW 05, Batam Kota', 'kode_pos' => '29400', 'keperluan' => 'sekolah',
    'jumlah' => '2', 'cara' => 'kirim', 'mulai' => '2030-01-02', 'sampai' => '2030-06-30', 'catatan' => '', 'setuju' => 'ya',
];
const SALAH = [
    'nama' => 'B', 'nik' => '217199450890999', 'tanggal_lahir' => '1990-08-05', 'email' => 'warga.contoh',
    'hp' => '12', 'alamat' => 'Jl.', 'kode_pos' => '0123', 'keperluan' => 'sekolah', 'jumlah' => '7', 'cara' => '',
    'mulai' => '2030-06-30', 'sampai' => '2030-01-02', 'catatan' => '', 'setuju' => '',
];

function isian(string $nama, string $label, string $jenis, array $nilai, string $lain = ''): void
{
    printf("<label>%s <input name=\"%s\" type=\"%s\" value=\"%s\"%s></label>\n", $label, $nama, $jenis,
        htmlspecialchars($nilai[$nama] ?? ''), $lain);
}

if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    kepala('Permohonan diterima');
    $berkas = $_FILES['berkas'] ?? ['name' => '', 'size' => 0];
    echo '<p>Terima kasih, ', htmlspecialchars($_POST['nama'] ?? ''), '. Hasil Verifikasi: <code>',
        htmlspecialchars($_SERVER['SPBE_VERDICT'] ?? 'tidak diperiksa'), "</code>.</p>\n<table>\n";
    foreach ($_POST + ['berkas' => $berkas['name'] . ' (' . $berkas['size'] . ' byte)'] as $nama => $nilai) {
        printf("<tr><th>%s</th><td>%s</td></tr>\n", htmlspecialchars($nama),
            htmlspecialchars(is_array($nilai) ? implode(', ', $nilai) : $nilai));
    }
    echo "</table>\n<p><a class=\"button\" href=\"/permohonan.php\">Kembali</a></p>\n";
    kaki();
    exit;
}
$nilai = ['benar' => BENAR, 'salah' => SALAH][$_GET['contoh'] ?? ''] ?? [];
kepala('Permohonan dengan Validasi Input');
?>
<p class="lead">Formulir ini dijaga kebijakan <code>permohonan.json</code>: peramban membantu selagi diisi, server
memeriksa lagi dengan ketat. Isi sendiri, atau mulai dari <a href="?contoh=benar">isian yang benar</a> atau
<a href="?contoh=salah">isian yang salah</a>; matikan JavaScript untuk melihat jawaban server.</p>
<form class="card" method="post" enctype="multipart/form-data" action="/permohonan.php">
<?php
isian('nama', 'Nama lengkap', 'text', $nilai);
isian('nik', 'NIK <small>(16 angka)</small>', 'text', $nilai);
isian('tanggal_lahir', 'Tanggal lahir', 'date', $nilai);
isian('email', 'E-mail', 'text', $nilai);
isian('hp', 'Nomor HP', 'text', $nilai);
isian('kode_pos', 'Kode pos', 'text', $nilai);
?>
<label class="wide">Alamat <textarea name="alamat" rows="2"><?= htmlspecialchars($nilai['alamat'] ?? '') ?></textarea></label>
<label>Keperluan <select name="keperluan">
<option value="">Pilih</option>
<?php foreach (['sekolah' => 'Sekolah', 'pekerjaan' => 'Pekerjaan', 'perbankan' => 'Perbankan', 'lainnya' => 'Lainnya'] as $kode => $teks) {
    printf("<option value=\"%s\"%s>%s</option>\n", $kode, ($nilai['keperluan'] ?? '') === $kode ? ' selected' : '', $teks);
} ?>
</select></label>
<?php isian('jumlah', 'Jumlah lembar', 'text', $nilai); ?>
<fieldset><legend>Cara menerima</legend>
<?php foreach (['ambil' => 'Diambil di kantor', 'kirim' => 'Dikirim'] as $kode => $teks) {
    printf("<label class=\"check\"><input name=\"cara\" type=\"radio\" value=\"%s\"%s> %s</label>\n", $kode, ($nilai['cara'] ?? '') === $kode ? ' checked' : '', $teks);
} ?>
</fieldset>
<div class="wide pair">
<?php
isian('mulai', 'Berlaku mulai', 'date', $nilai);
isian('sampai', 'Berlaku sampai', 'date', $nilai);
?>
</div>
<label class="wide">Catatan <small>(boleh kosong)</small> <textarea name="catatan" rows="2"></textarea></label>
<label class="wide">Berkas <small>(PDF, JPG atau PNG, paling besar 1 MB)</small> <input name="berkas" type="file"></label>
<div class="wide"><label class="check"><input name="setuju" type="checkbox" value="ya"<?= ($nilai['setuju'] ?? '') ? ' checked' : '' ?>> Isian saya benar, dan boleh diperiksa.</label></div>
<p class="wide"><button type="submit">Kirim permohonan</button></p>
</form>
<?php kaki();
