<?php
http_response_code(500);
header('Content-Type: application/json');
echo '{"error":"KANARI-BERSIH sedang diperbaiki"}';
