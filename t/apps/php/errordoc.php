<?php
header('Content-Type: text/html; charset=utf-8');
echo 'HALAMAN-KESALAHAN-KANTOR ref=' . ($_SERVER['SPBE_REF'] ?? $_SERVER['REDIRECT_SPBE_REF'] ?? 'tidak ada');
