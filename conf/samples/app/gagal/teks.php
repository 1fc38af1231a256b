<?php
// SPDX-License-Identifier: Apache-2.0
header('Content-Type: text/plain; charset=utf-8');
ini_set('html_errors', '0');

function hitung_antrean(array $loket): int
{
    if ($loket === []) {
        throw new LogicException('Tidak ada loket yang buka');
    }
    return count($loket);
}

echo "Antrean hari ini\n\n";
echo hitung_antrean([]);
