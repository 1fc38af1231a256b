<?php
// SPDX-License-Identifier: Apache-2.0
// Kerangka kerja lama memampatkan sendiri halamannya, juga halaman galatnya.
try {
    throw new UnexpectedValueException('Sesi 8f3a tidak cocok dengan /var/lib/contoh/sesi');
}
catch (UnexpectedValueException $e) {
    $halaman = "<!DOCTYPE html><html><body><h1>Kesalahan</h1><pre>" . htmlspecialchars((string) $e)
        . "</pre></body></html>\n";
}
$terima = $_SERVER['HTTP_ACCEPT_ENCODING'] ?? '';
http_response_code(500);
header('Content-Type: text/html; charset=utf-8');
header('Vary: Accept-Encoding');
if (strpos($terima, 'gzip') !== false) {
    header('Content-Encoding: gzip');
    $halaman = gzencode($halaman);
}
header('Content-Length: ' . strlen($halaman));
echo $halaman;
