-- Escapement, schema version 1, PostgreSQL 13 or newer.
--
-- Can be fed to psql as it is (psql --single-transaction --file=...); JdbcStore reads the same file
-- and puts its own schema and table prefix in the place of "escapement_".
--
-- Codes, the same on every database:
--   kind      0 one-time, 1 standing (the one row of a recurring job)
--   priority  0 low, 1 normal, 2 high
--   state     0 pending, 1 scheduled, 2 running, 3 paused (a final state has no row)
--   hold      bits: 1 its job is paused, 2 no live session has a handler for its job
--   outcome   1 succeeded, 2 failed, 3 timed out, 4 cancelled, 5 lost, 6 released, 7 yielded, 8 skipped

-- One row for each migration applied. A version of the code works with the newest row's schema
-- from "serves" (the oldest code that still understands it) on.
CREATE TABLE escapement_schema (
  version    integer     PRIMARY KEY,
  serves     integer     NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);

-- The hot table: one row for each live trigger. A fire updates its row twice, and neither update
-- can be a HOT one, since state is what the partial indexes are about: so keep some room for the
-- new version on the page of the old one, and vacuum early, for dead rows are what slows claims.
CREATE TABLE escapement_trigger (
  id         uuid        PRIMARY KEY,
  version    bigint      NOT NULL,
  fire_time  timestamptz,
  due        timestamptz,
  created_at timestamptz NOT NULL,
  claimed_at timestamptz,
  owner      uuid,
  attempt    integer     NOT NULL,
  lost       integer     NOT NULL,
  kind       smallint    NOT NULL,
  priority   smallint    NOT NULL,
  state      smallint    NOT NULL,
  hold       smallint    NOT NULL,
  job        text        NOT NULL,
  job_key    text,
  queue      text        NOT NULL,
  reason     text,
  payload    bytea       NOT NULL
) WITH (
  fillfactor = 85,
  autovacuum_vacuum_scale_factor = 0.01,
  autovacuum_vacuum_threshold = 1000,
  autovacuum_analyze_scale_factor = 0.05,
  autovacuum_vacuum_cost_delay = 1
);

-- What may run, in the order in which it runs.
CREATE INDEX escapement_trigger_claim ON escapement_trigger (queue, priority, due)
  WHERE state = 1 AND hold = 0;
-- What runs, for the audit.
CREATE INDEX escapement_trigger_owner ON escapement_trigger (owner)
  WHERE state = 2;
-- What is held back, for whoever ends the hold.
CREATE INDEX escapement_trigger_held ON escapement_trigger (job, due)
  WHERE hold <> 0;
CREATE UNIQUE INDEX escapement_trigger_key ON escapement_trigger (job, job_key)
  WHERE job_key IS NOT NULL;

-- A job as the cluster knows it. Placement is null until a session that knows the job has opened.
-- Its row is what a session that opens and a node that parks the job's triggers both lock.
CREATE TABLE escapement_job (
  name        text        PRIMARY KEY,
  queue       text,
  priority    smallint,
  declared_at timestamptz
);

-- A session: one life of a node.
CREATE TABLE escapement_node (
  session             uuid        PRIMARY KEY,
  node                text        NOT NULL,
  application_version text        NOT NULL,
  live                boolean     NOT NULL,
  beat                bigint      NOT NULL,
  workers             integer     NOT NULL,
  running             integer     NOT NULL,
  queues              text[]      NOT NULL,
  started_at          timestamptz NOT NULL,
  beaten_at           timestamptz NOT NULL,
  died_at             timestamptz
) WITH (
  fillfactor = 50,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 500
);

-- Which session has handlers for which jobs.
CREATE TABLE escapement_handler (
  session uuid NOT NULL REFERENCES escapement_node ON DELETE CASCADE,
  job     text NOT NULL,
  PRIMARY KEY (job, session)
);
CREATE INDEX escapement_handler_session ON escapement_handler (session);

-- An ended attempt. Append-only; retention deletes from the old end.
CREATE TABLE escapement_execution (
  claimed_at      timestamptz NOT NULL,
  trigger_id      uuid        NOT NULL,
  version         bigint      NOT NULL,
  session         uuid        NOT NULL,
  fire_time       timestamptz NOT NULL,
  due             timestamptz NOT NULL,
  started_at      timestamptz,
  ended_at        timestamptz NOT NULL,
  attempt         integer     NOT NULL,
  kind            smallint    NOT NULL,
  outcome         smallint    NOT NULL,
  node            text        NOT NULL,
  job             text        NOT NULL,
  job_key         text,
  failure_type    text,
  failure_message text,
  failure_trace   text,
  payload         bytea,
  PRIMARY KEY (claimed_at, trigger_id, version)
);
CREATE INDEX escapement_execution_trigger ON escapement_execution (trigger_id);

-- One row. The epoch grows whenever a session opens, is declared dead or closes.
CREATE TABLE escapement_control (
  one   boolean PRIMARY KEY DEFAULT true CHECK (one),
  epoch bigint  NOT NULL
);
INSERT INTO escapement_control (epoch) VALUES (0);

INSERT INTO escapement_schema (version, serves) VALUES (1, 1);
