<?php
// SPDX-License-Identifier: Apache-2.0

function rata_rata(array $nilai): int
{
    return intdiv(array_sum($nilai), count($nilai));
}

echo 'Rata-rata: ', rata_rata([]);
