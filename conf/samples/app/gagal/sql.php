<?php
// SPDX-License-Identifier: Apache-2.0

$db = new PDO('sqlite::memory:');
$db->exec('CREATE TABLE warga (nik TEXT, nama TEXT)');
foreach ($db->query("SELECT nik, nama FORM warga WHERE nama = 'Budi Contoh'") as $baris) {
    echo $baris['nama'];
}
