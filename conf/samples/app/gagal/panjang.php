<?php
// SPDX-License-Identifier: Apache-2.0
require __DIR__ . '/../bagian.php';

function cetak(int $i): void
{
    if ($i > 1500) {
        throw new OutOfRangeException("Baris $i tidak ada di halaman laporan");
    }
    echo "<tr><td>$i</td><td>Kelurahan contoh $i</td><td>", $i * 37 % 1000, " permohonan</td></tr>\n";
}

kepala('Laporan per kelurahan');
echo "<table>\n";
for ($i = 1; ; $i++) {
    cetak($i);
    if ($i % 100 === 0) {
        flush();
    }
}
