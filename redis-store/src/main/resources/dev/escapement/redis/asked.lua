-- What is asked of the running triggers of a session that its holder should hear.
-- KEYS: control
-- ARGV: the session
-- Answers for each: id, version, the kinds as bits.
-- include: clock, tables, transitions

local answers = {}
for _, id in ipairs(redis.call('ZRANGE', P .. 'running:' .. ARGV[1], 0, -1)) do
  local row = find(id)
  if row then
    local kinds = bit.band(tonumber(row.asked), CANCEL + PAUSE)
    if kinds ~= 0 then
      answers[#answers + 1] = { id, row.version, kinds }
    end
  end
end
return answers
