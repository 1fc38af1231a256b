<?php
header('Content-Type: text/html; charset=utf-8');
echo "<!DOCTYPE html>\n<html><body><h1>AWAL-HALAMAN</h1>\n";
$a = [];
echo "<p>Nama: " . $a['KANARI_BOCOR'] . "</p>\n";
echo "<p>AKHIR-HALAMAN</p></body></html>\n";
