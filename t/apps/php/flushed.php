<?php
// More than the hold leaves first, then the failure comes. ?len=1: with a length.
require __DIR__ . '/lib.php';
if (isset($_GET['len'])) { header('Content-Length: 400000'); }
while (ob_get_level()) { ob_end_clean(); }
echo "<html><body>AWAL-HALAMAN\n";
for ($i = 0; $i < 2000; $i++) { echo "<p>baris laporan nomor $i " . str_repeat('-', 80) . "</p>\n"; flush(); }
(new LayananPerizinan)->simpan([]);
