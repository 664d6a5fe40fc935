-- Executions of a trigger, oldest first.
-- KEYS: control
-- ARGV: the trigger; the member of history:trigger to begin after, or empty; how many at most
-- Answers {rows, the last member or false}.
-- include: clock, tables, history

local from = ARGV[2] == '' and '[' .. ARGV[1] or '(' .. ARGV[2]
local members = redis.call(
  'ZRANGEBYLEX', P .. 'history:trigger', from, '(' .. ARGV[1] .. '~', 'LIMIT', 0, ARGV[3])
local found = {}
for _, member in ipairs(members) do
  found[#found + 1] = execution(string.sub(member, 37, 54) .. ARGV[1] .. string.sub(member, 55))
end
return { found, members[#members] or false }
