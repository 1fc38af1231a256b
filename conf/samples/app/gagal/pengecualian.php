<?php
// SPDX-License-Identifier: Apache-2.0
// Pengecualian yang tidak ditangkap. PHP sendiri memberi status 200 selama
// display_errors menyala; ?status=200 membiarkannya begitu.

class LayananTidakDitemukan extends RuntimeException
{
}

class Pendaftaran
{
    public function muat(int $nomor): array
    {
        throw new LayananTidakDitemukan("Layanan nomor $nomor tidak terdaftar di /srv/contoh/layanan.ini");
    }

    public function tampilkan(string $kataSandi): string
    {
        return implode(', ', $this->muat(42));
    }
}

if (($_GET['status'] ?? '500') !== '200') {
    http_response_code(500);
}
echo (new Pendaftaran())->tampilkan('rahasia-contoh');
