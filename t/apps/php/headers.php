<?php
header('Set-Cookie: sesi=abc123; Path=/; HttpOnly');
header('Access-Control-Allow-Origin: https://contoh.go.id');
header('Access-Control-Allow-Credentials: true');
header('Strict-Transport-Security: max-age=31536000');
header('Vary: Origin');
header('X-Debug-Token: KANARI-BOCOR');
header('X-Debug-Exception: KANARI-BOCOR%20runtime');
header('X-AspNet-Version: 4.0.30319');
header('X-Runtime: 0.01');
header('X-Generator: SistemKota 3');
header('X-Rangka: KANARI-RANGKA');
header('ETag: "jejak-500"');
header('Last-Modified: Tue, 01 Jul 2025 00:00:00 GMT');
header('Accept-Ranges: bytes');
header('Digest: sha-256=AAAA');
header('Allow: GET, POST');
if (isset($_GET['h'])) { header('X-Pesan: ' . $_GET['h']); }
http_response_code((int)($_GET['s'] ?? 500));
echo "HALAMAN-APLIKASI";
