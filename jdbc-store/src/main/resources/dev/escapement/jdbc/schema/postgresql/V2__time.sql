-- Escapement, schema version 2, PostgreSQL 13 or newer. Comes after version 1, and can be fed to
-- psql like it (psql --single-transaction --file=...).
--
-- It only adds, but for one index that it puts in the place of another, and no table is written
-- anew for it, so code of version 1 goes on working beside code of version 2.

-- A job: which declaration is in force (its hash; null if only code of version 1 ever declared it),
-- and what people decide.
ALTER TABLE escapement_job
  ADD COLUMN declaration text,
  ADD COLUMN override    text,
  ADD COLUMN paused      boolean NOT NULL DEFAULT false;

-- A declaration of a job, kept for ever: of those that live sessions make, the one with the latest
-- first_seen is current. No two of a job have the same first_seen.
CREATE TABLE escapement_declaration (
  job        text        NOT NULL,
  hash       text        NOT NULL,
  first_seen timestamptz NOT NULL,
  queue      text        NOT NULL,
  priority   smallint    NOT NULL,
  schedule   text,
  PRIMARY KEY (job, hash)
);

-- What the session declares of the job. Null for code of version 1.
ALTER TABLE escapement_handler
  ADD COLUMN declaration text;

-- Time: schedule, last_fire and stale are for standing triggers, parent for what these spawn.
-- A standing trigger that was made by code of version 1 has no schedule until it is amended.
ALTER TABLE escapement_trigger
  ADD COLUMN schedule  text,
  ADD COLUMN last_fire timestamptz,
  ADD COLUMN missed    bigint   NOT NULL DEFAULT 0,
  ADD COLUMN stale     boolean  NOT NULL DEFAULT false,
  ADD COLUMN parent    uuid,
  ADD COLUMN shard     smallint NOT NULL DEFAULT 0;

-- What a standing trigger has spawned, and that it spawns no fire twice.
CREATE UNIQUE INDEX escapement_trigger_child ON escapement_trigger (parent, fire_time, shard)
  WHERE parent IS NOT NULL;
-- What got another schedule and was not aimed anew.
CREATE INDEX escapement_trigger_stale ON escapement_trigger (id)
  WHERE stale;
-- What is held back, and by what: a job that stays paused may have very many triggers held, and
-- whoever looks for those of them that have lost their handler must not read the rest.
DROP INDEX escapement_trigger_held;
CREATE INDEX escapement_trigger_held ON escapement_trigger (job, hold, due)
  WHERE hold <> 0;

ALTER TABLE escapement_execution
  ADD COLUMN missed bigint NOT NULL DEFAULT 0;

INSERT INTO escapement_schema (version, serves) VALUES (2, 1);
