-- The queues that are out of service.
-- KEYS: control
-- Answers their names.
-- include: clock, tables

return redis.call('SMEMBERS', P .. 'paused')
