<?php header('Content-Type: text/html; charset=utf-8'); ?>
<!DOCTYPE html>
<html lang="id"><head><title>Layanan</title></head>
<body><h1>Selamat datang</h1><p>Halaman ini berjalan baik: <?= htmlspecialchars($_GET['n'] ?? '-') ?></p></body></html>
