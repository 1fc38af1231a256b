<?php
// The worker dies without a word, or in the middle of the page (?after=1).
if (isset($_GET['after'])) { while (ob_get_level()) { ob_end_clean(); } echo "<html>AWAL-HALAMAN"; flush(); usleep(200000); }
posix_kill(getmypid(), 9);
