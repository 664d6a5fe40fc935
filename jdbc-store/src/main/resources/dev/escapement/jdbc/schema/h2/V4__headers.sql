-- Escapement, schema version 4, H2 2.2 or newer. Comes after version 3. Each statement can be run
-- again, as those of version 1.
--
-- It only adds, so code of versions 1 to 3 goes on working beside code of version 4; it knows
-- nothing of headers: what it enqueues has none, and where it replaces a payload it leaves the
-- headers that are there.

-- What travels beside the payload, as application/x-www-form-urlencoded in UTF-8; null for none.
-- Those of a request came with request_payload. Code before version 4 clears that alone: until the
-- last of it is gone, a run may see headers of an earlier request for its key.
ALTER TABLE escapement_trigger ADD COLUMN IF NOT EXISTS headers VARCHAR;
ALTER TABLE escapement_trigger ADD COLUMN IF NOT EXISTS request_headers VARCHAR;

MERGE INTO escapement_schema (version, serves, applied_at) KEY (version)
  VALUES (4, 1, CURRENT_TIMESTAMP);
