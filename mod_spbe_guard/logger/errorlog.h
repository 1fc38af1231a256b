/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logger/errorlog.h - spbe-guardlog --error-log FILE: stands between httpd and
 * its error log and takes out what handlers said in lines that leak.
 *
 * Two processes. The one httpd knows opens FILE, as root where httpd was
 * started so, also after a rotation, and ends when httpd asks it to: httpd
 * waits for that at every restart. The other has no rights, reads httpd's
 * lines to the end of the pipe, that is until the last child of that
 * generation is gone, and writes them.
 */
#ifndef SPBE_LOGGER_ERRORLOG_H
#define SPBE_LOGGER_ERRORLOG_H

/* 1 when the command line has --error-log. */
int spbe_errorlog_asked(int argc, char **argv);

/* The exit code. */
int spbe_errorlog_main(int argc, char **argv);

#endif
