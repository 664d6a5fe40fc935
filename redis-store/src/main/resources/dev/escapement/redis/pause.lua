-- Pauses a scheduled trigger.
-- KEYS: control
-- ARGV: id, version, the reason
-- Answers 1; 0 if it isn't scheduled in that version.
-- include: clock, tables, transitions

local row = find(ARGV[1])
if not row or row.state ~= 'SCHEDULED' or row.version ~= ARGV[2] then
  return 0
end
change(row, pause, ARGV[3])
flush()
return 1
