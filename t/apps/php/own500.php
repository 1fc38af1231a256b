<?php
require __DIR__ . '/lib.php';
try { (new LayananPerizinan)->simpan($_POST + $_GET); }
catch (Throwable $e) { http_response_code(500); echo '<h1>Kesalahan</h1><pre>' . $e . '</pre>'; }
