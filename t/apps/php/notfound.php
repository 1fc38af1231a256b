<?php
http_response_code(404);
header('Content-Type: text/html; charset=utf-8');
echo '<html><body><h1>TIDAK-DITEMUKAN</h1><p>Halaman aplikasi sendiri, tanpa rincian.</p></body></html>';
