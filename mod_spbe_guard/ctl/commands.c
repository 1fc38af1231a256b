/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ctl/commands.c - the table of commands.
 */
#include "ctl/ctl.h"

#include <stdio.h>
#include "text/version.h"

#define KEY_HELP                                                               \
    "  --key FILE          private key (PEM) that opens the details; may be\n" \
    "                      given again. A passphrase is asked for on the\n"    \
    "                      terminal\n"                                         \
    "  --passphrase-file FILE  ... or read from there\n"                       \
    "  --rewrap FILE       keys of the past, of keys rewrap\n"
#define TIME_HELP                                                              \
    "  --since TIME        a date (2026-03-04: from midnight), RFC 3339\n"     \
    "                      (2026-03-04T10:00:00Z), or so long ago: 90s, "      \
    "15m,\n"                                                                   \
    "                      2h, 3d; without a zone it is local time, the one\n" \
    "                      in which times are printed\n"

static const spbe_ctl_command_t commands[] = {
    {"init",
     "[--recipients FILE] [--key-out FILE...] [--recipient PUB.pem...]\n"
     "           [--recovery] [--retention TIME|none] [--user NAME]\n"
     "           [--passphrase-file FILE] [--production] [--yes] [--json]",
     "siapkan folder, kunci dan masa simpan (make folders, keys, retention)",
     "Makes DIR (mode 2750), the signing keys, the database and the file of\n"
     "recipients; prints the first public key. Asks on a terminal unless\n"
     "--yes. Again is harmless: no key is ever written over.\n"
     "  --recipients FILE   public keys of those who can read the details\n"
     "                      (default /etc/spbe-guard/recipients.pem)\n"
     "  --key-out FILE      makes a key; its private half goes there. Move it\n"
     "                      to another machine\n"
     "  --recipient PUB.pem takes a public key that you have made:\n"
     "                      openssl genpkey -algorithm X25519 -out k.pem\n"
     "                      openssl pkey -in k.pem -pubout -out PUB.pem\n"
     "  --recovery          makes a key for paper: shown once, stored nowhere\n"
     "  --retention TIME    how long records are to be kept: 90d, 5y, none\n"
     "  --user NAME         whose the folder is (default spbe-guard)\n"
     "  --passphrase-file FILE  for the private keys, in a script\n"
     "  --production        exit code 1 with fewer than two recipients, or\n"
     "                      with a private key still on this server\n",
     spbe_ctl_init},
    {"keys",
     "list [--recipients FILE] [--json]\n"
     "       spbe-guardctl keys add PUB.pem --name NAME\n"
     "       spbe-guardctl keys retire ID --reason TEXT\n"
     "       spbe-guardctl keys rewrap --key OLD.pem --to NEW.pem --out FILE",
     "siapa yang dapat membaca rincian (who can read the details)",
     "  add     from the next graceful restart details are sealed to it too\n"
     "  retire  nothing new is sealed to it; what there is stays readable\n"
     "  rewrap  a successor can read the past: every content key that opens\n"
     "          with OLD is sealed once more, to NEW, into FILE; the archive\n"
     "          is not touched. Then: show REF --key NEWPRIVATE --rewrap FILE\n"
     "A change without downtime: keys add, then apache2ctl graceful.\n",
     spbe_ctl_keys},
    {"list",
     "[--kind KIND] [--class CLASS] [--application NAME]\n"
     "           [--since TIME] [--reference REF] [--limit N] [--all]\n"
     "           [--json] [--key FILE...] [--rewrap FILE]",
     "daftar catatan, terbaru dahulu (list records, newest first)",
     "  --kind KIND         error, anomaly, access, crash, notice, action,\n"
     "                      unknown\n"
     "  --class CLASS       code, configuration, database, upstream,\n"
     "                      resource, unknown, input, protocol\n"
     "  --application NAME  as SpbeGuardApplication says\n" TIME_HELP
     "  --reference REF     as on the visitor's page; case, blanks and\n"
     "                      hyphens do not matter\n"
     "  --limit N           at most N records (default 50, 0: all)\n"
     "  --all               of a flood every line too, not only the first one\n"
     "                      and the count\n"
     "  --json              one JSON array, with the details that "
     "open\n" KEY_HELP,
     spbe_ctl_list},
    {"show", "REF|ID [--key FILE...] [--rewrap FILE] [--json]",
     "satu catatan dengan rinciannya (one record with its details)",
     "REF is what the visitor reads out; case, blanks and hyphens do not\n"
     "matter. With --json one JSON object; its member \"details\" says\n"
     "whether they could be read. Exit code 1 when a key was given and they\n"
     "could not.\n" KEY_HELP
     "On another machine: --archive COPY (a folder with archive/ in it).\n",
     spbe_ctl_show},
    {"export",
     "--format jsonl|csv|html|syslog [--since TIME] [--until TIME]\n"
     "           [--application NAME] [--kind KIND] [--class CLASS]\n"
     "           [--severity WORD] [--route ROUTE] [--key FILE...]\n"
     "           [--out FILE] [--send [--socket PATH]]",
     "catatan untuk program lain dan untuk dicetak (records for others)",
     "  --format jsonl      JSON lines with names of ECS\n"
     "           csv        RFC 4180; nothing in it is run by a spreadsheet\n"
     "           html       one page that stands alone, made for A4\n"
     "           syslog     RFC 5424, the index part alone\n" TIME_HELP
     "  --until TIME        not included\n" KEY_HELP
     "  --out FILE          a new file (mode 0600) instead of the terminal\n"
     "  --send              to /dev/log (--socket PATH: another)\n"
     "That details were exported is itself recorded in the log.\n",
     spbe_ctl_export},
    {"review",
     "[--application NAME] [--since TIME] [--json]\n"
     "           [--key FILE...] [--rewrap FILE]",
     "apa yang ditolak, siapa yang siap (what was or would be refused)",
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
     "                whole days make ready\n" KEY_HELP
     "  Without a key the form of a value stays sealed.\n",
     spbe_ctl_review},
    {"tally", "[--application NAME] [--since TIME] [--json]",
     "Isian Formulir, Formulir Tervalidasi, Hasil Verifikasi per hari (by day)",
     "  --since TIME  as for list: a date is local midnight (default: that of\n"
     "                7 days ago); the whole of that day is counted\n",
     spbe_ctl_tally},
    {"doctor",
     "[--json] [--conf FILE] [--apache2ctl PATH]\n"
     "           [--error-log FILE] [--php-ini FILE...]",
     "apa yang berlaku, terlewat, berbahaya (what is in force, or dangerous)",
     "Each line says what is so, why it matters, and the line that cures\n"
     "it. Exit code 1 when something is dangerous.\n",
     spbe_ctl_doctor},
    {"policy",
     "check FILE [--json]\n"
     "       spbe-guardctl policy explain FILE METHOD URL [--json]\n"
     "       spbe-guardctl policy test FILE REQUEST... [--unknown ACTION]\n"
     "       spbe-guardctl policy formats [--json]",
     "periksa atau coba aturan isian (check, explain or try an OpenAPI policy)",
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
    {"stats", "[--recipients FILE] [--json]",
     "ukuran, pertumbuhan, sisa hari disk (sizes, growth, days of disk left)",
     "Also records a day, what was lost, the last head, and what is still to\n"
     "be decided.\n",
     spbe_ctl_stats},
    {"verify",
     "[--first-key KEY|FILE] [--head GROUP:HEX]... [--heads FILE]\n"
     "           [--archive DIR] [--json]",
     "apakah arsip diubah, dipotong atau ditukar (was the archive changed)",
     "Needs no secret; works on a copy (--archive DIR) on another machine.\n"
     "  --first-key KEY  the first public key as init printed it, or a file\n"
     "                   with it; without it the one in the folder is taken,\n"
     "                   which an intruder could have replaced\n"
     "  --head G:HEX     a head known elsewhere: only that shows a tail that\n"
     "                   was cut; may be given more than once\n"
     "  --heads FILE     a log of another machine with lines\n"
     "                   \"spbe-guard head NODE GROUP:HEX\"\n"
     "  --database DSN   of a shared database: the archive of --node NAME\n"
     "                   that it keeps; with --archive the heads that it saw\n"
     "Exit code 0 intact, 1 broken, 3 intact, but something needs an\n"
     "explanation (clock, numbers that never came, no head from elsewhere).\n",
     spbe_ctl_verify},
    {"head", "[--json]",
     "kepala arsip, untuk disimpan di tempat lain (the head, for elsewhere)",
     "Number and hash of the last group. Known elsewhere - on a printed\n"
     "report, in another system - it gives away every cut behind it:\n"
     "spbe-guardctl verify --head HEAD.\n",
     spbe_ctl_head},
    {"hold",
     "list [--json]\n"
     "       spbe-guardctl hold add REF --reason TEXT [--by NAME]\n"
     "       spbe-guardctl hold add --since TIME [--until TIME] --reason TEXT\n"
     "       spbe-guardctl hold release ID --reason TEXT [--by NAME]",
     "penahanan hukum: jangan dihapus (legal hold: must not be purged)",
     "Of what a hold covers nothing is purged until it is released. Each\n"
     "order is itself a record.\n",
     spbe_ctl_hold},
    {"purge",
     "[--older-than TIME] [--details|--all]\n"
     "           [--apply --order TEXT --by NAME] [--json]",
     "hapus yang lewat masa simpannya, atas perintah (purge by order)",
     "Says what would go and what stays and why; nothing goes without\n"
     "--apply. Whole segments only, never the last 24 hours, nothing under a\n"
     "legal hold.\n"
     "  --older-than TIME  received before: 90d, 5y, a date (default: the\n"
     "                     retention of init)\n"
     "  --details          details alone; the index part stays (default)\n"
     "  --all              whole records; signatures stay\n"
     "  --order TEXT       which order says so: stands in the log for ever\n"
     "  --by NAME          who signs for it\n",
     spbe_ctl_purge},
    {"reindex", "[--database DSN [--set-aside]]",
     "buat ulang basis data dari arsip (make the database again)",
     "The archive is not touched; the logger may go on writing.\n"
     "  --database DSN  in a shared one: of this server alone\n"
     "  --set-aside     the archive is another one now: what the shared\n"
     "                  database holds of the old one is kept under another\n"
     "                  name\n",
     spbe_ctl_reindex},
    {"version", "", "versi (print the version)", NULL, spbe_ctl_version},
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
