<?php
// SPDX-License-Identifier: Apache-2.0
// Daftar halaman yang gagal: [alamat, nama, tanpa pengaman, dengan pengaman].

const TRACE = 'pesan galat dengan jejak, nama berkas dan nomor baris';
const DIGANTI = 'halaman galat netral dengan nomor rujukan';

return [
    'Gagal dengan jejak (stack trace)' => [
        ['/gagal/pengecualian.php', 'Pengecualian, status 500', TRACE, DIGANTI],
        ['/gagal/pengecualian.php?status=200', 'Pengecualian, status 200',
            TRACE . ', seolah-olah berhasil', DIGANTI . ', status 500'],
        ['/gagal/bagi-nol.php', 'Pembagian dengan nol', TRACE, DIGANTI],
        ['/gagal/sintaks.php', 'Kesalahan penulisan program', 'potongan program dan nama berkas', DIGANTI],
        ['/gagal/panjang.php', 'Jejak sesudah 100 KB', 'tabel panjang, lalu jejak di ujungnya',
            'terpotong sebelum jejak, atau halaman galat'],
    ],
    'Sumber daya dan konfigurasi' => [
        ['/gagal/basisdata.php', 'Basis data tidak dapat dibuka', 'SQLSTATE dan jalur berkas', DIGANTI],
        ['/gagal/sql.php', 'Perintah SQL salah', 'SQLSTATE dan isi perintah SQL', DIGANTI],
        ['/gagal/memori.php', 'Memori habis', 'Allowed memory size ... exhausted', DIGANTI],
        ['/gagal/berkas-hilang.php', 'Berkas yang disertakan tidak ada', 'dua pesan dengan include_path', DIGANTI],
        ['/gagal/hulu.php', 'Layanan lain menolak sambungan', 'alamat layanan di dalam', DIGANTI],
        ['/gagal/waktu-habis.php', 'Waktu jalan habis (5 detik)', 'Maximum execution time ... exceeded', DIGANTI],
        ['/gagal/kosong.php', 'Berhenti dengan 500 kosong', 'halaman putih', DIGANTI . '; catatan mengatakan tidak ada jejak'],
    ],
    'Bentuk jawaban yang lain' => [
        ['/api/warga.php?id=7', 'API JSON gagal, status 500', 'JSON dengan trace', 'problem+json dengan nomor rujukan'],
        ['/api/warga.php?id=7&status=200', 'API JSON gagal, status 200', 'JSON dengan SQLSTATE', 'problem+json, status 500'],
        ['/gagal/teks.php', 'Teks biasa', 'jejak sebagai teks', 'teks atau halaman dengan nomor rujukan'],
        ['/gagal/gzip.php', 'Dimampatkan (gzip) oleh aplikasi', 'jejak, tidak terbaca oleh penyaring biasa', DIGANTI],
        ['/gagal/unduh.php', 'Unduhan .xls yang ternyata galat', 'berkas .xls berisi pesan galat', DIGANTI],
        ['/gagal/peringatan.php', 'Peringatan di halaman yang berjalan', 'Warning dan Deprecated di tengah tabel',
            'halaman utuh, hanya peringatannya hilang'],
        ['/gagal/info.php', 'phpinfo()', 'seluruh konfigurasi server', DIGANTI],
    ],
    'Yang harus tetap utuh, dan yang disembunyikan' => [
        ['/gagal/pemeliharaan.php', 'Pemeliharaan, 503 dengan Retry-After', 'pengumuman', 'pengumuman yang sama'],
        ['/gagal/lambat.php', 'Halaman lambat, sebaris tiap detik', 'lima baris, satu tiap detik', 'sama, tanpa tertahan'],
        ['/gagal/artikel.php', 'Artikel tentang pesan galat', 'artikel', 'artikel yang sama'],
        ['/.env', 'Berkas .env', 'kata sandi contoh terbaca', 'tidak ditemukan (404)'],
        ['/cadangan.sql', 'Cadangan basis data', 'isi tabel terbaca', 'tidak ditemukan (404)'],
    ],
];
