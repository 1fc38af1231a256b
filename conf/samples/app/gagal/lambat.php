<?php
// SPDX-License-Identifier: Apache-2.0
require __DIR__ . '/../bagian.php';
while (ob_get_level() > 0) {
    ob_end_flush();
}
kepala('Memeriksa kelengkapan');
foreach (['Berkas diterima', 'Nama diperiksa', 'Alamat diperiksa', 'Tanda tangan diperiksa', 'Selesai'] as $i => $langkah) {
    // Peramban baru menampilkan sesudah sekitar 1 KB.
    echo '<p>', $i + 1, '. ', $langkah, "</p><!-- ", str_repeat('.', 1024), " -->\n";
    flush();
    if ($i < 4) {
        sleep(1);
    }
}
kaki();
