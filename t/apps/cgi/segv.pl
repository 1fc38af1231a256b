#!/usr/bin/perl
kill 'SEGV', $$; sleep 1;
