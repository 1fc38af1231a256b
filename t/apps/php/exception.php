<?php
require __DIR__ . '/lib.php';
echo "<html><body><h1>Permohonan</h1>\n";
(new LayananPerizinan)->simpan($_POST + $_GET);
