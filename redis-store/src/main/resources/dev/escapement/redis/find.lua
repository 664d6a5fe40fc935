-- Triggers' rows.
-- KEYS: control
-- ARGV: for each an id; or empty, its job and its key
-- Answers the rows of those that are there.
-- include: clock, tables

local found, seen = {}, {}
local at = 1
while at <= #ARGV do
  local row
  if ARGV[at] == '' then
    row = named(ARGV[at + 1], ARGV[at + 2])
    at = at + 3
  else
    row = find(ARGV[at])
    at = at + 1
  end
  if row and not seen[row.id] then
    seen[row.id] = true
    found[#found + 1] = reply(row)
  end
end
return found
