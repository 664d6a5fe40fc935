-- The clock.
-- KEYS: control
-- Answers the time.
-- include: clock

return now
