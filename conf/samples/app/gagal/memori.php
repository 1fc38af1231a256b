<?php
// SPDX-License-Identifier: Apache-2.0
ini_set('memory_limit', '16M');
$lampiran = [];
while (true) {
    $lampiran[] = str_repeat('lampiran ', 100000);
}
