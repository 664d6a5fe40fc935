-- Escapement, schema version 1, H2 2.2 or newer.
--
-- JdbcStore puts its own schema and table prefix in the place of "escapement_". H2 commits with each
-- statement of this kind, so each can be run again: ten nodes may start at once.
--
-- Codes, the same on every database:
--   kind      0 one-time, 1 standing (the one row of a recurring job)
--   priority  0 low, 1 normal, 2 high
--   state     0 pending, 1 scheduled, 2 running, 3 paused (a final state has no row)
--   hold      bits: 1 its job is paused, 2 no live session has a handler for its job
--   outcome   1 succeeded, 2 failed, 3 timed out, 4 cancelled, 5 lost, 6 released, 7 yielded, 8 skipped

-- One row for each migration applied. A version of the code works with the newest row's schema
-- from "serves" (the oldest code that still understands it) on.
CREATE TABLE IF NOT EXISTS escapement_schema (
  version    INTEGER                     PRIMARY KEY,
  serves     INTEGER                     NOT NULL,
  applied_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

-- The hot table: one row for each live trigger.
CREATE TABLE IF NOT EXISTS escapement_trigger (
  id         UUID                        PRIMARY KEY,
  version    BIGINT                      NOT NULL,
  fire_time  TIMESTAMP(6) WITH TIME ZONE,
  due        TIMESTAMP(6) WITH TIME ZONE,
  created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  claimed_at TIMESTAMP(6) WITH TIME ZONE,
  owner      UUID,
  attempt    INTEGER                     NOT NULL,
  lost       INTEGER                     NOT NULL,
  kind       SMALLINT                    NOT NULL,
  priority   SMALLINT                    NOT NULL,
  state      SMALLINT                    NOT NULL,
  hold       SMALLINT                    NOT NULL,
  job        VARCHAR                     NOT NULL,
  job_key    VARCHAR,
  queue      VARCHAR                     NOT NULL,
  reason     VARCHAR,
  payload    VARBINARY                   NOT NULL
);

-- H2 has no partial indexes: state leads, so that what may run stands together, in the order in
-- which it runs, and so does what runs.
CREATE INDEX IF NOT EXISTS escapement_trigger_claim
  ON escapement_trigger (state, hold, queue, priority, due);
CREATE UNIQUE INDEX IF NOT EXISTS escapement_trigger_key
  ON escapement_trigger (job, job_key);
CREATE INDEX IF NOT EXISTS escapement_trigger_owner
  ON escapement_trigger (owner);

-- A job as the cluster knows it. Placement is null until a session that knows the job has opened.
-- Its row is what a session that opens and a node that parks the job's triggers both lock.
CREATE TABLE IF NOT EXISTS escapement_job (
  name        VARCHAR                     PRIMARY KEY,
  queue       VARCHAR,
  priority    SMALLINT,
  declared_at TIMESTAMP(6) WITH TIME ZONE
);

-- A session: one life of a node.
CREATE TABLE IF NOT EXISTS escapement_node (
  session             UUID                        PRIMARY KEY,
  node                VARCHAR                     NOT NULL,
  application_version VARCHAR                     NOT NULL,
  live                BOOLEAN                     NOT NULL,
  beat                BIGINT                      NOT NULL,
  workers             INTEGER                     NOT NULL,
  running             INTEGER                     NOT NULL,
  queues              VARCHAR ARRAY               NOT NULL,
  started_at          TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  beaten_at           TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  died_at             TIMESTAMP(6) WITH TIME ZONE
);

-- Which session has handlers for which jobs.
CREATE TABLE IF NOT EXISTS escapement_handler (
  session UUID    NOT NULL REFERENCES escapement_node ON DELETE CASCADE,
  job     VARCHAR NOT NULL,
  PRIMARY KEY (job, session)
);

-- An ended attempt. Append-only; retention deletes from the old end.
CREATE TABLE IF NOT EXISTS escapement_execution (
  claimed_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  trigger_id      UUID                        NOT NULL,
  version         BIGINT                      NOT NULL,
  session         UUID                        NOT NULL,
  fire_time       TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  due             TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  started_at      TIMESTAMP(6) WITH TIME ZONE,
  ended_at        TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  attempt         INTEGER                     NOT NULL,
  kind            SMALLINT                    NOT NULL,
  outcome         SMALLINT                    NOT NULL,
  node            VARCHAR                     NOT NULL,
  job             VARCHAR                     NOT NULL,
  job_key         VARCHAR,
  failure_type    VARCHAR,
  failure_message VARCHAR,
  failure_trace   VARCHAR,
  payload         VARBINARY,
  PRIMARY KEY (claimed_at, trigger_id, version)
);
CREATE INDEX IF NOT EXISTS escapement_execution_trigger ON escapement_execution (trigger_id);

-- One row. The epoch grows whenever a session opens, is declared dead or closes.
CREATE TABLE IF NOT EXISTS escapement_control (
  one   BOOLEAN PRIMARY KEY CHECK (one),
  epoch BIGINT  NOT NULL
);
MERGE INTO escapement_control AS control
  USING (VALUES (TRUE)) AS given (one) ON control.one = given.one
  WHEN NOT MATCHED THEN INSERT (one, epoch) VALUES (TRUE, 0);

MERGE INTO escapement_schema (version, serves, applied_at) KEY (version)
  VALUES (1, 1, CURRENT_TIMESTAMP);
