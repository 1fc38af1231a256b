<?php
header('Content-Type: application/pdf');
require __DIR__ . '/lib.php';
(new LayananPerizinan)->simpan([]);
