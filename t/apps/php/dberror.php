<?php
try { (new PDO('sqlite::memory:'))->query('SELECT * FROM KANARI_BOCOR_tabel'); }
catch (PDOException $e) { echo 'Galat: ' . $e->getMessage(); }
