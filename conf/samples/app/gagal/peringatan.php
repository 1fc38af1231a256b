<?php
// SPDX-License-Identifier: Apache-2.0
// Halaman lama yang tetap berjalan di PHP baru, dengan peringatan di tengahnya.
require __DIR__ . '/../bagian.php';

$jadwal = [
    ['hari' => 'Senin', 'jam' => '08.00-15.00'],
    ['hari' => 'Selasa'],
    ['hari' => 'Rabu', 'jam' => null],
];
kepala('Jadwal pelayanan');
echo "<table>\n<tr><th>Hari</th><th>Jam</th></tr>\n";
foreach ($jadwal as $baris) {
    echo '<tr><td>', $baris['hari'], '</td><td>', strtoupper($baris['jam']), "</td></tr>\n";
}
echo "</table>\n<p>Bila ketiga hari terbaca dan tidak ada tulisan lain, halaman ini utuh.</p>\n";
kaki();
