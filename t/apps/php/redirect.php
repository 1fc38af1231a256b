<?php header('Location: /php/index.php?n=1'); echo "<p>pindah</p>";
