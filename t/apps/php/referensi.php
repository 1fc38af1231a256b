<?php
// An application may show the reference itself: it is in its environment.
http_response_code(422); echo 'REF=' . ($_SERVER['SPBE_REF'] ?? getenv('SPBE_REF') ?: 'tidak ada');
foreach ($_SERVER as $k => $v) { if (strpos($k, 'HTTP_X_SPBE') === 0) { echo "\nDARI-LUAR $k=$v"; } }
