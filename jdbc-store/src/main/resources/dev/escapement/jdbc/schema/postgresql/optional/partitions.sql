-- Escapement, optional: the history in partitions. PostgreSQL 13 or newer, schema version 3 or newer.
--
-- JdbcStore.builder(...).partitionedHistory(...) needs it, and runs it by itself where it may change
-- tables (SchemaPolicy.APPLY). By hand: as the owner of the tables, who must be the role of the
-- application too, since that makes and drops partitions later on.
--
--   psql --set=ON_ERROR_STOP=1 --file=partitions.sql
--
-- Not with --single-transaction: then a lock of step 1 that nobody gets past would last as long as
-- the scan of step 2. Escapement may run meanwhile. What stands in the table stays where it is.
--
-- If a step fails, begin again with step 1, after
--   ALTER TABLE escapement_execution DROP CONSTRAINT IF EXISTS escapement_execution_border;
-- Don't leave it between step 1 and step 3 for a day: from the border on, the constraint refuses
-- rows. (Escapement takes it away itself when the border is nearer than twelve hours.)
--
-- Views and publications of your own go on to mean the first partition; make them anew.

-- How much time a partition holds, 1 hour to 31 days; as in partitionedHistory(...).
SET escapement.period = '1 day';
SET lock_timeout = '5s';

-- Step 1. A promise that all rows lie before a border: the first end of a period that is a day or
-- more away. It counts for new rows only, so this takes no time; but it waits until it is alone with
-- the table, five seconds at most.
DO $$
DECLARE
  seconds bigint = extract(epoch FROM current_setting('escapement.period')::interval);
  border  timestamptz = to_timestamp(
    ceil(extract(epoch FROM statement_timestamp() + interval '1 day') / seconds) * seconds);
BEGIN
  EXECUTE format(
    'ALTER TABLE escapement_execution ADD CONSTRAINT escapement_execution_border
       CHECK (claimed_at < %L) NOT VALID', border);
END $$;

-- Step 2. Whether the old rows keep it as well: reads the whole table, in nobody's way.
ALTER TABLE escapement_execution VALIDATE CONSTRAINT escapement_execution_border;

-- Step 3. The table becomes the first partition of a new one that bears its name. Thanks to the
-- promise nothing is read, and thanks to its indexes none is built.
DO $$
DECLARE
  seconds bigint = extract(epoch FROM current_setting('escapement.period')::interval);
  old     oid = 'escapement_execution'::regclass;
  border  timestamptz;
  indexes text[];
  item    record;
BEGIN
  LOCK TABLE escapement_execution IN ACCESS EXCLUSIVE MODE;
  border = (
    SELECT substring(pg_get_constraintdef(oid) FROM '''([^'']+)''')::timestamptz
    FROM pg_constraint
    WHERE conrelid = old AND conname = lower('escapement_execution_border') AND convalidated);
  IF border IS NULL THEN
    RAISE EXCEPTION 'There is no border; run steps 1 and 2 first.';
  END IF;

  -- Each index of the new table reads as that of the old one did, and bears its name.
  indexes = ARRAY(
    SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = old AND NOT indisprimary);
  FOR item IN
    SELECT indexrelid::regclass AS index, relname
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid = old
  LOOP
    EXECUTE format('ALTER INDEX %s RENAME TO %I', item.index, left(item.relname, 57) || '_first');
  END LOOP;
  ALTER TABLE escapement_execution RENAME TO escapement_execution_first;
  CREATE TABLE escapement_execution
    (LIKE escapement_execution_first INCLUDING DEFAULTS INCLUDING STORAGE)
    PARTITION BY RANGE (claimed_at);
  ALTER TABLE escapement_execution
    ADD CONSTRAINT escapement_execution_pkey PRIMARY KEY (claimed_at, trigger_id, version);
  FOR i IN 1 .. cardinality(indexes) LOOP
    EXECUTE indexes[i];
  END LOOP;

  -- Who might read and write it still may.
  FOR item IN
    SELECT privilege_type,
           CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS grantee
    FROM pg_class, aclexplode(relacl)
    WHERE pg_class.oid = old AND grantee <> relowner
  LOOP
    EXECUTE format('GRANT %s ON escapement_execution TO %s', item.privilege_type, item.grantee);
  END LOOP;

  EXECUTE format(
    'ALTER TABLE escapement_execution ATTACH PARTITION escapement_execution_first
       FOR VALUES FROM (MINVALUE) TO (%L)', border);
  ALTER TABLE escapement_execution_first DROP CONSTRAINT escapement_execution_border;
  FOR i IN 1 .. 3 LOOP
    EXECUTE format(
      'CREATE TABLE escapement_execution_from_%s PARTITION OF escapement_execution
         FOR VALUES FROM (%L) TO (%L)',
      to_char(border AT TIME ZONE 'UTC', 'YYYYMMDD_HH24MISS'),
      border, border + seconds * interval '1 second');
    border = border + seconds * interval '1 second';
  END LOOP;
  CREATE TABLE escapement_execution_default PARTITION OF escapement_execution DEFAULT;
END $$;
