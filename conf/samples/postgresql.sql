-- SPDX-License-Identifier: Apache-2.0
--
-- The shared log of several servers in PostgreSQL: roles and the database.
-- Run once, as the superuser:
--
--     sudo -u postgres psql -v ON_ERROR_STOP=1 -f postgresql.sql
--
-- Then give the three roles a way to log in (\password, or a line in
-- pg_hba.conf), and make the tables as the owner, from any server:
--
--     spbe-guardctl init --database \
--         'pgsql:host=db1,db2 dbname=spbe_guard user=spbe_guard_owner passfile=/root/.pgpass'
--
-- The loggers connect as spbe_guard_writer, the tool and the console as
-- spbe_guard_reader. Servers that share one role are not kept apart: give
-- each a role of its own. A node belongs to the role that writes it first
-- (spbe_guard.nodes.writer); no other touches, or sees, its rows:
--
--     CREATE ROLE web1 LOGIN IN ROLE spbe_guard_writer;
--
-- spbe_guard_owner is needed for init, for a new version, for reindex and for
-- nothing else: keep its password off the servers.
--
-- A connection pooler between must keep sessions (pool_mode = session).

CREATE ROLE spbe_guard_owner LOGIN
    NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
CREATE ROLE spbe_guard_writer LOGIN
    NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
CREATE ROLE spbe_guard_reader LOGIN
    NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

CREATE DATABASE spbe_guard OWNER spbe_guard_owner
    ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0;

-- Nobody else connects, and nobody makes temporary tables.
REVOKE ALL ON DATABASE spbe_guard FROM PUBLIC;
GRANT CONNECT ON DATABASE spbe_guard TO spbe_guard_writer, spbe_guard_reader;

\connect spbe_guard
REVOKE ALL ON SCHEMA public FROM PUBLIC;
-- Large objects need no table: nobody fills the disk with them.
REVOKE EXECUTE ON FUNCTION lo_create(oid), lo_creat(int),
    lo_from_bytea(oid, bytea), lo_put(oid, bigint, bytea), lowrite(int, bytea)
    FROM PUBLIC;

-- What the writer and the reader may do in the tables is granted by "init",
-- together with the tables. The writer adds rows of its own nodes, completes
-- and counts them; it cannot delete records and groups nor change what they
-- say, nor change a table. Its counts and places are its word; what is signed
-- is in the groups.
