<?php
// SPDX-License-Identifier: Apache-2.0

function sambung(string $sumber): PDO
{
    return new PDO($sumber, 'layanan', 'rahasia-contoh');
}

$db = sambung('sqlite:/srv/data/layanan/tidak-ada.db');
echo $db->query('SELECT count(*) FROM warga')->fetchColumn();
