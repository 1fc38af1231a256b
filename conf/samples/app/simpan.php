<?php
// SPDX-License-Identifier: Apache-2.0
// Menerima formulir; gagal ketika menyimpan bila diminta.
require __DIR__ . '/bagian.php';

function simpan(array $isian, bool $rusak): int
{
    $berkas = $rusak ? '/srv/data/permohonan/tidak-ada.db' : ':memory:';
    $db = new PDO('sqlite:' . $berkas);
    $db->exec('CREATE TABLE permohonan (id INTEGER PRIMARY KEY, nama TEXT, nik TEXT)');
    $db->prepare('INSERT INTO permohonan (nama, nik) VALUES (?, ?)')->execute([$isian['nama'], $isian['nik']]);
    return (int) $db->lastInsertId();
}

if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
    header('Location: /', true, 303);
    exit;
}
$nomor = simpan($_POST, isset($_POST['rusak']));
kepala('Permohonan diterima');
?>
<p>Terima kasih, <?= htmlspecialchars($_POST['nama']) ?>. Permohonan Anda tercatat dengan nomor <?= $nomor ?>.</p>
<p><a class="button" href="/">Kembali</a></p>
<?php kaki();
