-- Escapement, schema version 3, H2 2.2 or newer. Comes after version 2. Each statement can be run
-- again, as those of version 1.
--
-- It only adds, so code of versions 1 and 2 goes on working beside code of version 3; it knows
-- nothing of requests, and leaves them to whoever comes next.

-- What is asked of a trigger while it runs, for whoever ends its claim to honour.
--   request  bits: 1 cancel, 2 pause, 4 reschedule, 8 run again
ALTER TABLE escapement_trigger ADD COLUMN IF NOT EXISTS request SMALLINT DEFAULT 0 NOT NULL;
ALTER TABLE escapement_trigger
  ADD COLUMN IF NOT EXISTS request_due TIMESTAMP(6) WITH TIME ZONE;
ALTER TABLE escapement_trigger ADD COLUMN IF NOT EXISTS request_payload VARBINARY;

-- For people who look: each (job, state, queue) is a stretch of it, and a list merges the heads of
-- those that it wants.
CREATE INDEX IF NOT EXISTS escapement_trigger_job
  ON escapement_trigger (job, state, queue, due, id);

ALTER TABLE escapement_execution ADD COLUMN IF NOT EXISTS result VARBINARY;

-- For people who look: by job or by key, each with a stretch for each way to end.
CREATE INDEX IF NOT EXISTS escapement_execution_job
  ON escapement_execution (job, outcome, claimed_at, trigger_id, version);
CREATE INDEX IF NOT EXISTS escapement_execution_key
  ON escapement_execution (job, job_key, outcome, claimed_at, trigger_id, version);

-- What a run leaves for the attempts after it, and says of itself. Of one fire of the trigger.
CREATE TABLE IF NOT EXISTS escapement_checkpoint (
  trigger_id  UUID                        PRIMARY KEY,
  fire_time   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  checkpoint  VARBINARY,
  done        BIGINT,
  total       BIGINT,
  message     VARCHAR,
  reported_at TIMESTAMP(6) WITH TIME ZONE
);

-- What people decide about a queue. None for one that nobody has decided about.
CREATE TABLE IF NOT EXISTS escapement_queue (
  name   VARCHAR PRIMARY KEY,
  paused BOOLEAN NOT NULL
);

-- Grows whenever something is asked of a running trigger that its holder should hear.
ALTER TABLE escapement_control ADD COLUMN IF NOT EXISTS requests BIGINT DEFAULT 0 NOT NULL;

MERGE INTO escapement_schema (version, serves, applied_at) KEY (version)
  VALUES (3, 1, CURRENT_TIMESTAMP);
