-- Deletes executions that were claimed long ago.
-- KEYS: control
-- ARGV: how long ago (a text like a time's); how many at most
-- Answers how many.
-- include: clock, tables, history

local old = redis.call(
  'ZRANGEBYLEX', P .. 'history', '-', '(' .. earlier(now, ARGV[1]), 'LIMIT', 0, ARGV[2])
for _, key in ipairs(old) do
  drop_execution(key, P .. 'history')
end
flush()
return #old
