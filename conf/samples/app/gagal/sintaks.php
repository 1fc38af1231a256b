<?php
// SPDX-License-Identifier: Apache-2.0
// Program yang tidak dapat dibaca; eval agar berkas ini sendiri tetap benar.
eval('function tagihan($n { return $n * 2; }');
