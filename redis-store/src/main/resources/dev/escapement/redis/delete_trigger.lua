-- Deletes a standing trigger that doesn't run.
-- KEYS: control
-- ARGV: id, version
-- Answers 1; 0 if there is no such trigger in that version, or it runs.
-- include: clock, tables

local row = find(ARGV[1])
if not row or row.kind ~= 'STANDING' or row.version ~= ARGV[2] or row.state == 'RUNNING' then
  return 0
end
remove(row)
flush()
return 1
