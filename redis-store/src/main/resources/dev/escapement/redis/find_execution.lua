-- Executions by their keys.
-- KEYS: control
-- ARGV: the keys
-- Answers the rows of those that are there.
-- include: clock, tables, history

local found = {}
for _, key in ipairs(ARGV) do
  found[#found + 1] = execution(key)
end
return found
