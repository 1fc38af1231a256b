<?php
// SPDX-License-Identifier: Apache-2.0
header('Content-Type: application/vnd.ms-excel');
header('Content-Disposition: attachment; filename="laporan.xls"');

function isi_lembar(?array $data): string
{
    return implode("\t", $data['judul']);
}

echo isi_lembar(null);
