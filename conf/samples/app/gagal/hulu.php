<?php
// SPDX-License-Identifier: Apache-2.0
// Layanan lain di belakang aplikasi ini tidak menjawab.

function ambil_data(string $host, int $port): string
{
    $sambungan = @fsockopen($host, $port, $nomor, $pesan, 2);
    if ($sambungan === false) {
        throw new RuntimeException("Gagal menghubungi http://$host:$port/v1/penduduk: $pesan ($nomor)");
    }
    return (string) fgets($sambungan);
}

http_response_code(502);
echo ambil_data('127.0.0.1', 9);
