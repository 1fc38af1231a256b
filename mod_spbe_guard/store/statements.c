/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/statements.c - the statements that write the index. See database_int.h.
 */
#include "store/database_int.h"

static const char *const statements[SPBE_STMT_COUNT] = {
    [SPBE_STMT_PUT] =
        "INSERT INTO records (id, ref, ts, kind, severity, class, responsible,"
        " application, route, fingerprint, status_in, status_out, leak_sent,"
        " h, writer, seq, place, length, complete)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,"
        " %s, %s, %s, %s)"
        " ON CONFLICT (id) DO UPDATE SET ref = excluded.ref,"
        " ts = excluded.ts, kind = excluded.kind,"
        " severity = excluded.severity, class = excluded.class,"
        " responsible = excluded.responsible,"
        " application = excluded.application, route = excluded.route,"
        " fingerprint = excluded.fingerprint,"
        " status_in = excluded.status_in, status_out = excluded.status_out,"
        " h = excluded.h, complete = excluded.complete"
        " WHERE records.complete = 0 AND excluded.kind != 'unknown'",
    [SPBE_STMT_PUT_MORE] =
        "INSERT OR IGNORE INTO additions"
        " (writer, seq, id, ts, status_out, h, place, length, complete)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
    [SPBE_STMT_REFRESH] =
        "UPDATE records SET status_out = coalesce((SELECT status_out"
        " FROM additions WHERE additions.id = records.id AND status_out > 0"
        " ORDER BY ts DESC LIMIT 1), status_out) WHERE id = %s",
    [SPBE_STMT_EXTEND] =
        "UPDATE records SET place = min(place, CAST(%s AS INTEGER)),"
        " length = max(place + length, CAST(%s AS INTEGER))"
        " - min(place, CAST(%s AS INTEGER))"
        " WHERE id = %s AND writer = %s AND seq = %s",
    [SPBE_STMT_PUT_ANOMALY] =
        "INSERT OR REPLACE INTO anomalies (id, part, ts, n, part_of, kind,"
        " class, event, application, route, reason, keyword, place, field,"
        " wanted, action, client, status)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,"
        " %s, %s, %s)",
    [SPBE_STMT_REPEAT_ANOMALY] =
        "INSERT OR REPLACE INTO anomalies (id, part, ts, n, part_of, kind,"
        " class, event, application, route, reason, keyword, place, field,"
        " wanted, action, client, status)"
        " SELECT %s, part, CAST(%s AS INTEGER), CAST(%s AS INTEGER), id, kind,"
        " class, event, application, route, reason, keyword, place, field,"
        " wanted, action, client, status"
        " FROM anomalies WHERE id = %s AND part > 0",
    [SPBE_STMT_TALLIED] =
        "INSERT OR IGNORE INTO tallied (id, ts) VALUES (%s, %s)",
    [SPBE_STMT_ADD_TALLY] =
        "INSERT INTO tallies (day, application, route, received,"
        " client_pages, valid, refused, logged)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (day, application, route) DO UPDATE SET"
        " received = received + excluded.received,"
        " client_pages = client_pages + excluded.client_pages,"
        " valid = valid + excluded.valid,"
        " refused = refused + excluded.refused,"
        " logged = logged + excluded.logged",
    [SPBE_STMT_FORGET_TALLIED] =
        "DELETE FROM tallied WHERE ts < CAST(%s AS INTEGER)",
    [SPBE_STMT_SET_POSITION] =
        "UPDATE meta SET value = %s WHERE name = 'position'",
};

const char *spbe_statement_sql(int statement)
{
    return statements[statement];
}
