<?php
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
$db = new mysqli('127.0.0.1', 'KANARI_BOCOR_pengguna', 'S3CR3T-KANARI', 'layanan', 1);
