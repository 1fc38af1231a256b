<?php
throw new RuntimeException('cannot connect to mysql://sipd:S3CR3T-KANARI@db.internal/layanan KANARI-BOCOR');
