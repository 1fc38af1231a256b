<?php
// A message far longer than one error log line, then a failure without detail.
error_log('PHP Fatal error:  Uncaught RuntimeException: KANARI-BOCOR panjang ' . str_repeat('x', 12000) . ' AKHIR-PESAN');
http_response_code(500);
