-- Executions, the newest first.
-- KEYS: control
-- ARGV: job, key, outcome, a time from which on and one before which they were claimed, the KEY to
--   begin before; each empty for none; how many at most; '1' for rows, '0' for how many
-- Answers {rows or their number, the last KEY that was looked at, or false if that was all}. Looks at
--   LOOKS at most.
-- include: clock, tables, history

local LOOKS = 500

local job, key, outcome, from, till, before = unpack(ARGV, 1, 6)
local limit, rows_wanted = tonumber(ARGV[7]), ARGV[8] == '1'

local index = P .. 'history'
if job ~= '' then
  index = index .. ':job:' .. job
elseif outcome ~= '' and outcome ~= SUCCEEDED then
  index = index .. ':outcome:' .. outcome
end
local bound = before == '' and till or till == '' and before or (before < till and before or till)
local high = bound ~= '' and '(' .. bound or '+'
local low = from ~= '' and '[' .. from or '-'
local filtered = key ~= '' or outcome ~= ''
local looks = filtered and LOOKS or math.min(limit, LOOKS)
local keys = redis.call('ZREVRANGEBYLEX', index, high, low, 'LIMIT', 0, looks)

local function is_meant(text)
  local row = cmsgpack.unpack(text)
  return (key == '' or row.key == key) and (outcome == '' or row.outcome == outcome)
end

local found, count, last = {}, 0, false
for _, each in ipairs(keys) do
  last = each
  local text = (filtered or rows_wanted) and execution(each)
  if text == false and not rows_wanted or text and (not filtered or is_meant(text)) then
    count = count + 1
    found[count] = text
    if count == limit then
      break
    end
  end
end
local all = #keys < looks and last == keys[#keys]
return { rows_wanted and found or count, not all and last }
