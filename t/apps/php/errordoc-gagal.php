<?php
require __DIR__ . '/lib.php';
(new LayananPerizinan)->simpan([]);
