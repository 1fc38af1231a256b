<?php
header('Content-Type: application/vnd.ms-excel');
header('Content-Disposition: attachment; filename="rekap.xls"');
require __DIR__ . '/lib.php';
(new LayananPerizinan)->simpan([]);
