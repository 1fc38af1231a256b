<?php
set_time_limit(1);
while (true) { hash('sha256', 'KANARI_BOCOR'); }
