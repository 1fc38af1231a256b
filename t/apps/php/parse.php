<?php
echo "a";
if (true { // KANARI_BOCOR
