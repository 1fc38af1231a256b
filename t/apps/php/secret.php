<?php
// The application itself prints what it was sent, in its error.
http_response_code(500);
$e = new RuntimeException('KANARI-BOCOR gagal: password=' . ($_POST['password'] ?? '') . ' token=' . ($_POST['token'] ?? ''));
echo "PHP Fatal error:  Uncaught $e\n  thrown in " . __FILE__ . " on line 4\n";
echo "SQL: INSERT INTO warga (nik, nama) VALUES ('" . ($_POST['nik'] ?? '') . "', '" . ($_POST['nama'] ?? '') . "')\n";
echo "Cookie: " . ($_SERVER['HTTP_COOKIE'] ?? '') . "\nAuthorization: " . ($_SERVER['HTTP_AUTHORIZATION'] ?? '') . "\n";
error_log("gagal simpan password=" . ($_POST['password'] ?? ''));
