<?php
// SPDX-License-Identifier: Apache-2.0
http_response_code(500);
exit;
