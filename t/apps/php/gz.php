<?php
ini_set('zlib.output_compression', '1');
require __DIR__ . '/lib.php';
echo str_repeat("<p>isi</p>\n", 50);
(new LayananPerizinan)->simpan([]);
