/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/commands.c - the table of commands.
 */
#include "ctl/ctl.h"

#include <stdio.h>
#include "text/version.h"

static const spbe_ctl_command_t commands[] = {
    {"init", "", "make the folder and the database (again is harmless)",
     "Creates DIR (mode 2750) and DIR/guard.db when they are missing and\n"
     "brings the database to this version.\n",
     spbe_ctl_init},
    {"list",
     "[--kind KIND] [--class CLASS] [--application NAME]\n"
     "           [--since TIME] [--reference REF] [--limit N] [--all]\n"
     "           [--json]",
     "list records, newest first",
     "  --kind KIND         error, anomaly, access, crash, notice, unknown\n"
     "  --class CLASS       code, configuration, database, upstream,\n"
     "                      resource, unknown, input, protocol\n"
     "  --application NAME  as SpbeGuardApplication says\n"
     "  --since TIME        a date (2026-03-04: from midnight), RFC 3339\n"
     "                      (2026-03-04T10:00:00Z), or so long ago: 90s, 15m,\n"
     "                      2h, 3d; without a zone it is local time, the one\n"
     "                      in which times are printed\n"
     "  --reference REF     as on the visitor's page; case, blanks and\n"
     "                      hyphens do not matter\n"
     "  --limit N           at most N records (default 50, 0: all)\n"
     "  --all               of a flood every line too, not only the first one\n"
     "                      and the count\n"
     "  --json              one JSON array, with the details\n",
     spbe_ctl_list},
    {"show", "REF|ID [--json]", "show one record with its details",
     "REF is what the visitor reads out; case, blanks and hyphens do not\n"
     "matter. With --json one JSON object.\n",
     spbe_ctl_show},
    {"review", "[--application NAME] [--since TIME] [--json]",
     "what was, or under On would be, refused; who is ready",
     "By application, route, field and reason: requests, their share of all\n"
     "that came to that route, clients, the form of a value, and the lines\n"
     "that allow or enforce it, as they are put into a configuration. Ends "
     "with a verdict for each application:\n"
     "ready to switch On when at least 100 requests were examined and none\n"
     "would be refused but those of clients that look like attackers (asked\n"
     "for a hidden file, or for 20 pages that are not there, or sent in three\n"
     "places what no browser sends).\n"
     "  --since TIME  as for list: a date is local midnight (default: that of\n"
     "                7 days ago). After a change, the time of that change:\n"
     "                what was found before stays in the log. Requests are\n"
     "                counted by day: no share for a part of a day, and only\n"
     "                whole days make ready\n",
     spbe_ctl_review},
    {"tally", "[--application NAME] [--since TIME] [--json]",
     "Isian Formulir, Formulir Tervalidasi, Hasil Verifikasi by day",
     "  --since TIME  as for list: a date is local midnight (default: that of\n"
     "                7 days ago); the whole of that day is counted\n",
     spbe_ctl_tally},
    {"doctor",
     "[--json] [--conf FILE] [--apache2ctl PATH]\n"
     "           [--error-log FILE] [--php-ini FILE...]",
     "say what is in force, not covered or dangerous",
     "Each line says what is so, why it matters, and the line that cures\n"
     "it. Exit code 1 when something is dangerous.\n",
     spbe_ctl_doctor},
    {"policy",
     "check FILE [--json]\n"
     "       spbe-guardctl policy explain FILE METHOD URL [--json]\n"
     "       spbe-guardctl policy test FILE REQUEST... [--unknown ACTION]\n"
     "       spbe-guardctl policy formats [--json]",
     "check, explain or try an input policy (OpenAPI 3.1 in JSON)",
     "  check    errors and warnings as file:line:column; exit code 1 when\n"
     "           there is an error\n"
     "  explain  which path and operation a request leads to, and what may\n"
     "           be sent; exit code 1 when none\n"
     "  test     raw HTTP requests from files (request line, header fields,\n"
     "           empty line, body) judged as under SpbeGuardInput On: one\n"
     "           JSON array; exit code 0 all valid, 1 some refused, 2 the\n"
     "           policy or a file cannot be read. --unknown is what\n"
     "           SpbeGuardUnknown would be: reject, log (default), allow.\n"
     "           \"warning\": where the file differs from what a client\n"
     "           would send\n"
     "  formats  the formats that a field may have: what each accepts, an\n"
     "           example, and whether it tells of a person\n",
     spbe_ctl_policy},
    {"verify",
     "[--first-key KEY|FILE] [--head GROUP:HEX]... [--heads FILE]\n"
     "           [--archive DIR] [--json]",
     "find out whether the archive was changed, cut or moved",
     "Needs no secret; works on a copy (--archive DIR) on another machine.\n"
     "  --first-key KEY  the first public key as init printed it, or a file\n"
     "                   with it; without it the one in the folder is taken,\n"
     "                   which an intruder could have replaced\n"
     "  --head G:HEX     a head known elsewhere: only that shows a tail that\n"
     "                   was cut; may be given more than once\n"
     "  --heads FILE     a log of another machine with lines\n"
     "                   \"spbe-guard head NODE GROUP:HEX\"\n"
     "Exit code 0 intact, 1 broken, 3 intact, but something needs an\n"
     "explanation (clock, numbers that never came, no head from elsewhere).\n",
     spbe_ctl_verify},
    {"reindex", "", "make the database again from the archive",
     "The archive is not touched; the logger may go on writing.\n",
     spbe_ctl_reindex},
    {"version", "", "print the version", NULL, spbe_ctl_version},
    {NULL, NULL, NULL, NULL, NULL},
};

const spbe_ctl_command_t *spbe_ctl_commands(void)
{
    return commands;
}

int spbe_ctl_version(const spbe_ctl_t *ctl, int argc, const char *const *argv)
{
    puts("spbe-guardctl " SPBE_VERSION);
    return SPBE_CTL_FINE;
}
