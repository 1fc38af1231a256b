<?php
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_DISPLAY', false );
