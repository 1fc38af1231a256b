<?php sleep(6); echo 'selesai';
