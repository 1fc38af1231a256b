<?php
// SPDX-License-Identifier: Apache-2.0
// Kepala dan kaki semua halaman contoh.

function kepala(string $judul): void
{
    header('Content-Type: text/html; charset=utf-8');
    echo "<!DOCTYPE html>\n<html lang=\"id\">\n<head>\n<meta charset=\"utf-8\">\n",
        '<meta name="viewport" content="width=device-width, initial-scale=1">', "\n",
        '<title>', htmlspecialchars($judul), " · Layanan Contoh</title>\n",
        '<link rel="icon" href="/ikon.svg"><link rel="stylesheet" href="/style.css">', "\n</head>\n<body>\n",
        '<header class="top"><a href="/">Layanan Contoh</a></header>', "\n<main>\n",
        '<h1>', htmlspecialchars($judul), "</h1>\n";
}

function kaki(): void
{
    echo "<footer>Aplikasi contoh: semua nama dan nomor di sini karangan belaka.</footer>\n",
        "</main>\n</body>\n</html>\n";
}
