<?php
// A message longer than FPM's default log_limit, then a failure without detail.
error_log('PHP Fatal error:  Uncaught RuntimeException: KANARI-BOCOR panjang ' . str_repeat('x', 6000) . ' AKHIR-PESAN');
http_response_code(500);
