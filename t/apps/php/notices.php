<?php
header('Content-Type: text/html; charset=utf-8');
echo "<!DOCTYPE html>\n<html><body><h1>AWAL-HALAMAN</h1>\n";
for ($i = 0; $i < 5; $i++) {
    echo "<p>baris $i</p>\n";
    echo $GLOBALS["KANARI_BOCOR_$i"];
}
echo "<p>AKHIR-HALAMAN</p></body></html>\n";
