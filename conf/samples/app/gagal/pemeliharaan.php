<?php
// SPDX-License-Identifier: Apache-2.0
require __DIR__ . '/../bagian.php';
http_response_code(503);
header('Retry-After: 3600');
kepala('Sedang dipelihara');
echo "<p>Layanan ini sedang dipelihara dan akan kembali pukul 13.00 WIB. Mohon maaf atas ketidaknyamanannya.</p>\n";
kaki();
