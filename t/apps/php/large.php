<?php
// 100 KB before the trace.
require __DIR__ . '/lib.php';
echo "<html><body>\n" . str_repeat("<p>isi laporan yang panjang sekali</p>\n", 2800);
(new LayananPerizinan)->simpan([]);
