<?php
// SPDX-License-Identifier: Apache-2.0
// API yang menangkap pengecualian, lalu menceritakan semuanya kepada pemanggil.
header('Content-Type: application/json');
header('Access-Control-Allow-Origin: *');

function cari(PDO $db, string $id): array
{
    $hasil = $db->query("SELECT nama FROM warga_aktif WHERE id = $id");
    return $hasil->fetch(PDO::FETCH_ASSOC) ?: [];
}

try {
    echo json_encode(cari(new PDO('sqlite::memory:'), $_GET['id'] ?? '1'));
}
catch (Throwable $e) {
    if (($_GET['status'] ?? '500') !== '200') {
        http_response_code(500);
    }
    echo json_encode([
        'success' => false,
        'message' => $e->getMessage(),
        'exception' => get_class($e),
        'file' => $e->getFile(),
        'line' => $e->getLine(),
        'trace' => array_map(
            fn ($f) => array_intersect_key($f, ['file' => 1, 'line' => 1, 'function' => 1, 'class' => 1]),
            $e->getTrace()
        ),
    ]);
}
