<?php sleep(3); echo 'selesai';
