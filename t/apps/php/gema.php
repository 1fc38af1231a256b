<?php
// Says what reached it, for the tests of bodies; reads the body as it came.
$isi = file_get_contents('php://input');
header('Content-Type: application/json');
echo json_encode(['how' => 'php', 'method' => $_SERVER['REQUEST_METHOD'], 'bytes' => strlen($isi), 'sha1' => sha1($isi),
    'length' => $_SERVER['CONTENT_LENGTH'] ?? '', 'coding' => $_SERVER['HTTP_TRANSFER_ENCODING'] ?? '', 'type' => $_SERVER['CONTENT_TYPE'] ?? '',
    'query' => $_SERVER['QUERY_STRING'] ?? '', 'fields' => count($_POST), 'files' => count($_FILES)]), "\n";
