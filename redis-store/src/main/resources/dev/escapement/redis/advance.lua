-- Moves a running trigger to a later fire.
-- KEYS: control
-- ARGV: id, version, owner, fire, due (times), how many fires are missed
-- Answers 1; 0 if the guard isn't held any more.
-- include: clock, tables

whatever_the_memory()
local row = held(ARGV[1], ARGV[2], ARGV[3])
if not row then
  return 0
end
change(row, function()
  row.fire = ARGV[4]
  row.due = ARGV[5]
  row.missed = plus(row.missed, tonumber(ARGV[6]))
end)
flush()
return 1
