<?php
// SPDX-License-Identifier: Apache-2.0
set_time_limit(5);
for ($i = 0; ; $i++) {
    $ringkasan = hash('sha256', (string) $i);
}
