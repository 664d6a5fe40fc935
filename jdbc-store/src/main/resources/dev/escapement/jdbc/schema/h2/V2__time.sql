-- Escapement, schema version 2, H2 2.2 or newer. Comes after version 1. Each statement can be run
-- again, as those of version 1.
--
-- It only adds, so code of version 1 goes on working beside code of version 2.

-- A job: which declaration is in force (its hash, null if only code of version 1 ever declared it),
-- and what people decide.
ALTER TABLE escapement_job ADD COLUMN IF NOT EXISTS declaration VARCHAR;
ALTER TABLE escapement_job ADD COLUMN IF NOT EXISTS override VARCHAR;
ALTER TABLE escapement_job ADD COLUMN IF NOT EXISTS paused BOOLEAN DEFAULT FALSE NOT NULL;

-- A declaration of a job, kept for ever: of those that live sessions make, the one with the latest
-- first_seen is current. No two of a job have the same first_seen.
CREATE TABLE IF NOT EXISTS escapement_declaration (
  job        VARCHAR                     NOT NULL,
  hash       VARCHAR                     NOT NULL,
  first_seen TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  queue      VARCHAR                     NOT NULL,
  priority   SMALLINT                    NOT NULL,
  schedule   VARCHAR,
  PRIMARY KEY (job, hash)
);

-- What the session declares of the job. Null for code of version 1.
ALTER TABLE escapement_handler ADD COLUMN IF NOT EXISTS declaration VARCHAR;

-- Time: schedule, last_fire and stale are for standing triggers, parent for what these spawn.
-- A standing trigger that was made by code of version 1 has no schedule until it is amended.
ALTER TABLE escapement_trigger ADD COLUMN IF NOT EXISTS schedule VARCHAR;
ALTER TABLE escapement_trigger ADD COLUMN IF NOT EXISTS last_fire TIMESTAMP(6) WITH TIME ZONE;
ALTER TABLE escapement_trigger ADD COLUMN IF NOT EXISTS missed BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE escapement_trigger ADD COLUMN IF NOT EXISTS stale BOOLEAN DEFAULT FALSE NOT NULL;
ALTER TABLE escapement_trigger ADD COLUMN IF NOT EXISTS parent UUID;
ALTER TABLE escapement_trigger ADD COLUMN IF NOT EXISTS shard SMALLINT DEFAULT 0 NOT NULL;

-- What a standing trigger has spawned, and that it spawns no fire twice. Rows without parent don't
-- exclude each other.
CREATE UNIQUE INDEX IF NOT EXISTS escapement_trigger_child
  ON escapement_trigger (parent, fire_time, shard);
-- What got another schedule and was not aimed anew.
CREATE INDEX IF NOT EXISTS escapement_trigger_stale
  ON escapement_trigger (stale, state);
-- What is held back, and by what, so that whoever ends a hold reads no more than that.
CREATE INDEX IF NOT EXISTS escapement_trigger_held
  ON escapement_trigger (job, hold);

ALTER TABLE escapement_execution ADD COLUMN IF NOT EXISTS missed BIGINT DEFAULT 0 NOT NULL;

MERGE INTO escapement_schema (version, serves, applied_at) KEY (version)
  VALUES (2, 1, CURRENT_TIMESTAMP);
