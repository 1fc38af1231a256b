/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/statements.c - the statements that write the index, in words that
 * every database knows. See database_int.h.
 */
#include "store/database_int.h"

#define BIG "CAST(%s AS BIGINT)"
#define BIG2 BIG ", " BIG
#define BIG4 BIG2 ", " BIG2

/* The stretch from the first to behind the last line: end, end, place, place,
 * place, place, complete. */
#define WIDEN                                                                  \
    " SET length = CASE WHEN place + length > " BIG                            \
    " THEN place + length ELSE " BIG " END"                                    \
    " - CASE WHEN place < " BIG " THEN place ELSE " BIG " END,"                \
    " place = CASE WHEN place < " BIG " THEN place ELSE " BIG " END,"          \
    " complete = " BIG

/* The same for lines that come once more: end, end, place, place, place,
 * place. */
#define STRETCH(table, id)                                                     \
    "UPDATE " table " SET length = CASE WHEN place + length > " BIG            \
    " THEN place + length ELSE " BIG " END"                                    \
    " - CASE WHEN place < " BIG " THEN place ELSE " BIG " END,"                \
    " place = CASE WHEN place < " BIG " THEN place ELSE " BIG " END"           \
    " WHERE node = %s AND " id " = %s AND writer = %s AND seq = " BIG

/* To another place in its segment: behind the range, place, length, place. */
#define MOVE(table, id)                                                        \
    "UPDATE " table " SET length = CASE WHEN place + length > " BIG            \
    " THEN place + length - " BIG " ELSE " BIG " END, place = " BIG            \
    " WHERE node = %s AND " id " = %s AND writer = %s AND seq = " BIG          \
    " AND place >= " BIG " AND place < " BIG
#define MARK(table)                                                            \
    "UPDATE " table " SET purged = 1 WHERE node = %s AND id = %s"              \
    " AND writer = %s AND seq = " BIG

#define FINDING                                                                \
    "kind, class, event, application, route, reason, keyword, place, field,"   \
    " wanted, action, client, status"
#define OF_FIRST                                                               \
    "f.kind, f.class, f.event, f.application, f.route, f.reason, f.keyword,"   \
    " f.place, f.field, f.wanted, f.action, f.client, f.status"
#define EXCLUDED_FINDING                                                       \
    " kind = excluded.kind, class = excluded.class, event = excluded.event,"   \
    " application = excluded.application, route = excluded.route,"             \
    " reason = excluded.reason, keyword = excluded.keyword,"                   \
    " place = excluded.place, field = excluded.field,"                         \
    " wanted = excluded.wanted, action = excluded.action,"                     \
    " client = excluded.client, status = excluded.status"
#define INSERT_ANOMALIES                                                       \
    "INSERT INTO anomalies (node, id, part, ts, n, part_of, "                  \
    "windowed, " FINDING ")"
#define UPSERT_ANOMALIES                                                       \
    " ON CONFLICT (node, id, part) DO UPDATE SET ts = excluded.ts,"            \
    " n = excluded.n, part_of = excluded.part_of,"                             \
    " windowed = excluded.windowed," EXCLUDED_FINDING
/* A window takes over the other findings of its first record, whichever of
 * the two comes first. */
#define REPEAT                                                                 \
    INSERT_ANOMALIES                                                           \
    " SELECT w.node, w.id, f.part, w.ts, w.n, f.id, w.windowed, " OF_FIRST     \
    " FROM anomalies w JOIN anomalies f ON f.node = w.node"                    \
    " AND f.id = w.part_of WHERE w.part = 0 AND w.windowed = 1"                \
    " AND f.part > 0 AND w.node = %s AND "

#define COUNT(table, unit)                                                     \
    "INSERT INTO " table " (node, " unit ", application, kind, class, action," \
    " severity, n) VALUES (%s, " BIG ", %s, %s, %s, %s, %s, " BIG ")"          \
    " ON CONFLICT (node, " unit                                                \
    ", application, kind, class, action, severity)"                            \
    " DO UPDATE SET n = " table ".n + excluded.n"

static const char *const statements[SPBE_STMT_ALL] = {
    [SPBE_STMT_PUT] =
        "INSERT INTO records (node, id, ref, ts, kind, severity, class,"
        " responsible, application, route, fingerprint, status_in,"
        " status_out, leak_sent, h, writer, seq, place, length, complete,"
        " key_id, purged)"
        " VALUES (%s, %s, %s, " BIG ", %s, %s, %s, %s, %s, %s, %s, " BIG2
        ", " BIG ", %s, %s, " BIG4 ", %s, " BIG ")"
        " ON CONFLICT (node, id) DO NOTHING",
    [SPBE_STMT_WIDEN] =
        "UPDATE records" WIDEN " WHERE node = %s"
        " AND id = %s AND writer = %s AND seq = " BIG " AND complete = 0",
    [SPBE_STMT_PUT_MORE] =
        "INSERT INTO additions (node, writer, seq, id, ts, status_out, h,"
        " place, length, complete, key_id, purged)"
        " VALUES (%s, %s, " BIG ", %s, " BIG2 ", %s, " BIG2 ", " BIG ", %s,"
        " " BIG ") ON CONFLICT (node, writer, seq) DO NOTHING",
    [SPBE_STMT_WIDEN_MORE] =
        "UPDATE additions" WIDEN " WHERE node = %s"
        " AND id = %s AND writer = %s AND seq = " BIG " AND complete = 0",
    [SPBE_STMT_PUT_KEY] =
        "INSERT INTO keys (node, key_id, ts, writer, seq, place, length)"
        " VALUES (%s, %s, " BIG ", %s, " BIG2 ", " BIG ")"
        " ON CONFLICT (node, key_id, writer, seq, place) DO NOTHING",
    [SPBE_STMT_STRETCH] = STRETCH("records", "id"),
    [SPBE_STMT_STRETCH_MORE] = STRETCH("additions", "id"),
    [SPBE_STMT_STRETCH_KEY] = STRETCH("keys", "key_id"),
    [SPBE_STMT_PUT_PIECE] =
        "INSERT INTO pieces (node, writer, seq, id, parts, have, h, key_id,"
        " received, place, length) VALUES (%s, %s, " BIG ", %s, " BIG
        ", %s, %s, %s, " BIG2 ", " BIG ")"
        " ON CONFLICT (node, writer, seq) DO UPDATE SET have = excluded.have,"
        " h = excluded.h, key_id = excluded.key_id,"
        " received = excluded.received, place = excluded.place,"
        " length = excluded.length",
    [SPBE_STMT_FORGET_PIECE] =
        "DELETE FROM pieces WHERE node = %s AND writer = %s AND seq = " BIG,
    /* Three times node and id: asked apart, each is found by its index. */
    [SPBE_STMT_REFRESH] =
        "UPDATE records SET status_out = (SELECT a.status_out"
        " FROM additions a WHERE a.node = %s AND a.id = %s"
        " AND a.status_out > 0 ORDER BY a.ts DESC, a.writer DESC, a.seq DESC"
        " LIMIT 1) WHERE node = %s AND id = %s AND (SELECT count(*)"
        " FROM additions a WHERE a.node = %s AND a.id = %s"
        " AND a.status_out > 0) > 0",
    [SPBE_STMT_PUT_ANOMALY] =
        INSERT_ANOMALIES " VALUES (%s, %s, " BIG2 ", " BIG ", %s, " BIG
                         ", %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,"
                         " " BIG ")" UPSERT_ANOMALIES,
    [SPBE_STMT_REPEAT_ANOMALY] = REPEAT "w.id = %s" UPSERT_ANOMALIES,
    [SPBE_STMT_REPEAT_FIRST] = REPEAT "f.id = %s" UPSERT_ANOMALIES,
    [SPBE_STMT_TALLIED] =
        "INSERT INTO tallied (node, id, ts)"
        " VALUES (%s, %s, " BIG ") ON CONFLICT (node, id) DO NOTHING",
    [SPBE_STMT_ADD_TALLY] =
        "INSERT INTO tallies (node, day, application, route, received,"
        " client_pages, valid, refused, logged)"
        " VALUES (%s, %s, %s, %s, " BIG4 ", " BIG ")"
        " ON CONFLICT (node, day, application, route) DO UPDATE SET"
        " received = tallies.received + excluded.received,"
        " client_pages = tallies.client_pages + excluded.client_pages,"
        " valid = tallies.valid + excluded.valid,"
        " refused = tallies.refused + excluded.refused,"
        " logged = tallies.logged + excluded.logged",
    [SPBE_STMT_FORGET_TALLIED] =
        "DELETE FROM tallied WHERE node = %s AND ts < " BIG,
    [SPBE_STMT_COUNT_MINUTE] = COUNT("minute_counts", "minute"),
    [SPBE_STMT_COUNT_DAY] = COUNT("day_counts", "day"),
    [SPBE_STMT_ADD_NODE] =
        "INSERT INTO nodes (node) VALUES (%s) ON CONFLICT (node) DO NOTHING",
    [SPBE_STMT_SET_NODE] =
        "UPDATE nodes SET position = " BIG ", followed = " BIG
        ", tallied_to = " BIG ", head_group = " BIG ", head_hash = %s,"
        " head_time = " BIG ", first_key = %s, trouble = %s, updated = " BIG
        " WHERE node = %s",
    [SPBE_STMT_ADD_HEAD] = "INSERT INTO heads (node, group_no, hash, ts)"
                           " VALUES (%s, " BIG ", %s, " BIG ")"
                           " ON CONFLICT (node, group_no) DO NOTHING",
    [SPBE_STMT_ADD_PURGE] =
        "INSERT INTO purges (node, id, ts, whole, place, behind)"
        " VALUES (%s, %s, " BIG4 ") ON CONFLICT (node, id) DO NOTHING",
    [SPBE_STMT_END_PURGE] =
        "UPDATE purges SET done = 1 WHERE node = %s AND id = %s",
    [SPBE_STMT_MOVE] = MOVE("records", "id"),
    [SPBE_STMT_MOVE_MORE] = MOVE("additions", "id"),
    [SPBE_STMT_MARK] = MARK("records"),
    [SPBE_STMT_MARK_MORE] = MARK("additions"),
    [SPBE_STMT_PUT_GROUP] =
        "INSERT INTO groups (node, group_no, place, length, ts, hash, body)"
        " VALUES (%s, " BIG4 ", %s, decode(%s, 'hex'))"
        " ON CONFLICT DO NOTHING",
    [SPBE_STMT_CLAIM_NODE] = "UPDATE nodes SET writer = session_user"
                             " WHERE node = %s AND writer IS NULL",
    [SPBE_STMT_LEAVE_NODE] = "UPDATE nodes SET writer = NULL"
                             " WHERE node = %s AND writer = session_user",
};

const char *spbe_statement_sql(int statement)
{
    return statements[statement];
}
