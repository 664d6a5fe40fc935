-- Puts the current declarations of jobs in force.
-- KEYS: control
-- ARGV: the jobs
-- Answers 0.
-- include: clock, tables, transitions, jobs

whatever_the_memory()
settle(ARGV)
flush()
return 0
