-- What the runs of a trigger have left.
-- KEYS: control
-- ARGV: id
-- Answers {fire, checkpoint, done, total, message, at}, false for what isn't there.
-- include: clock, tables

return redis.call(
  'HMGET', P .. 'c:' .. ARGV[1], 'fire', 'checkpoint', 'done', 'total', 'message', 'at')
