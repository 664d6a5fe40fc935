-- Escapement, schema version 4, PostgreSQL 13 or newer. Comes after version 3, and can be fed to
-- psql like it (psql --single-transaction --file=...).
--
-- It only adds, and no table is written anew for it, so code of versions 1 to 3 goes on working
-- beside code of version 4; it knows nothing of headers: what it enqueues has none, and where it
-- replaces a payload it leaves the headers that are there.

-- What travels beside the payload, as application/x-www-form-urlencoded in UTF-8; null for none.
-- Those of a request came with request_payload. Code before version 4 clears that alone: until the
-- last of it is gone, a run may see headers of an earlier request for its key.
ALTER TABLE escapement_trigger
  ADD COLUMN headers         text,
  ADD COLUMN request_headers text;

INSERT INTO escapement_schema (version, serves) VALUES (4, 1);
