<?php
ini_set('memory_limit', '4M');
$KANARI_BOCOR = [];
while (true) { $KANARI_BOCOR[] = str_repeat('x', 100000); }
