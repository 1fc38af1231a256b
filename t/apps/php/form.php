<?php
http_response_code(500);
echo 'diterima ' . strlen(file_get_contents('php://input'));
