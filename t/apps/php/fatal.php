<?php
echo "<html><body><h1>Daftar</h1>\n";
fungsi_yang_tidak_ada_KANARI_BOCOR();
