-- Escapement, schema version 3, PostgreSQL 13 or newer. Comes after version 2, and can be fed to
-- psql like it (psql --single-transaction --file=...).
--
-- It only adds, and no table is written anew for it, so code of versions 1 and 2 goes on working
-- beside code of version 3; it knows nothing of requests, and leaves them to whoever comes next.
--
-- While its three indexes are built, nothing is written to their tables: some seconds for each
-- million rows. Where that is too long, build them first, with CREATE INDEX CONCURRENTLY and
-- otherwise just as they stand here, and see that they are valid; then this takes a moment.

-- For people who look: by job or by key, each with a stretch for each way to end.
CREATE INDEX IF NOT EXISTS escapement_execution_job
  ON escapement_execution (job, outcome, claimed_at, trigger_id, version);
CREATE INDEX IF NOT EXISTS escapement_execution_key
  ON escapement_execution (job, job_key, outcome, claimed_at, trigger_id, version)
  WHERE job_key IS NOT NULL;

ALTER TABLE escapement_execution
  ADD COLUMN result bytea;

-- What a run leaves for the attempts after it, and says of itself. Of one fire of the trigger.
CREATE TABLE escapement_checkpoint (
  trigger_id  uuid        PRIMARY KEY,
  fire_time   timestamptz NOT NULL,
  checkpoint  bytea,
  done        bigint,
  total       bigint,
  message     text,
  reported_at timestamptz
);

-- What people decide about a queue. None for one that nobody has decided about.
CREATE TABLE escapement_queue (
  name   text    PRIMARY KEY,
  paused boolean NOT NULL
);

-- For people who look: each (job, state, queue) is a stretch of it, and a list merges the heads of
-- those that it wants. Without what runs, so that a claim writes nothing here.
CREATE INDEX IF NOT EXISTS escapement_trigger_job
  ON escapement_trigger (job, state, queue, due, id)
  WHERE state <> 2;

-- What is asked of a trigger while it runs, for whoever ends its claim to honour. Last, for nobody
-- reads the table until the end of the transaction.
--   request  bits: 1 cancel, 2 pause, 4 reschedule, 8 run again
ALTER TABLE escapement_trigger
  ADD COLUMN request         smallint NOT NULL DEFAULT 0,
  ADD COLUMN request_due     timestamptz,
  ADD COLUMN request_payload bytea;

-- Grows whenever something is asked of a running trigger that its holder should hear.
ALTER TABLE escapement_control
  ADD COLUMN requests bigint NOT NULL DEFAULT 0;

INSERT INTO escapement_schema (version, serves) VALUES (3, 1);
