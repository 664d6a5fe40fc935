-- The names of jobs that have triggers, or had some.
-- KEYS: control
-- ARGV: the name to begin after ('(' before it), or '-'; how many at most
-- Answers the names.
-- include: clock, tables

return redis.call('ZRANGEBYLEX', P .. 'names', ARGV[1], '+', 'LIMIT', 0, ARGV[2])
