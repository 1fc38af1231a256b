<?php
// ?s=status&t=1: that status, with a trace when t is given.
require __DIR__ . '/lib.php';
http_response_code((int)($_GET['s'] ?? 200));
foreach (['Retry-After' => 'ra', 'Content-Type' => 'ct', 'Location' => 'l'] as $h => $p) {
    if (isset($_GET[$p])) { header("$h: " . $_GET[$p], true, (int)($_GET['s'] ?? 200)); }
}
echo "<p>HALAMAN-APLIKASI</p>\n";
if (isset($_GET['t'])) {
    try { (new LayananPerizinan)->simpan([]); } catch (Throwable $e) { echo "PHP Fatal error:  Uncaught $e\n  thrown in " . $e->getFile() . ' on line ' . $e->getLine() . "\n"; }
}
