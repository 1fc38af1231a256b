<?php
header('Content-Type: application/json');
require __DIR__ . '/lib.php';
try { (new LayananPerizinan)->simpan([]); }
catch (Throwable $e) { echo json_encode(['message' => $e->getMessage(), 'exception' => get_class($e), 'file' => $e->getFile(), 'line' => $e->getLine(), 'trace' => $e->getTrace()]); }
