-- Asks something of triggers.
-- KEYS: control
-- ARGV: how many executions to keep; CANCEL, PAUSE, RESUME, RESCHEDULE or RUN_NOW; a due (as
--   resolve() reads it) or empty; the ids
-- Answers for each that is live: id, DONE, REQUESTED or REFUSED, the state before, job, key or false.
-- include: clock, tables, transitions, jobs, history

local what = ARGV[2]
local due = ARGV[3] ~= '' and resolve(ARGV[3])

local function hear()
  raise('requests')
end

local function ask_running(row)
  if what == 'CANCEL' then
    ask_nothing(row)
    ask(row, CANCEL)
    hear()
  elseif what == 'PAUSE' then
    ask(row, PAUSE)
    hear()
  elseif what == 'RESUME' then
    if not asks(row, PAUSE) then
      return 'REFUSED'
    end
    row.asked = tostring(tonumber(row.asked) - PAUSE)
    hear()
    return 'DONE'
  elseif what == 'RESCHEDULE' then
    ask(row, RESCHEDULE)
    row.asked_due = due
  else
    ask(row, AGAIN)
    row.asked_due = now
  end
  return 'REQUESTED'
end

local function cancel(row)
  if not row.due then
    return 'REFUSED'
  end
  record(execution_key(now, row.id, beyond(row.version)), {
    session = '00000000-0000-0000-0000-000000000000', node = '', kind = row.kind, job = row.job,
    key = row.key, attempt = '0', fire = row.fire, missed = row.missed, due = row.due, ended = now,
    outcome = 'CANCELLED', message = '', trace = ''
  })
  if row.kind == 'ONE_TIME' then
    remove(row)
  else
    change(row, call_off)
    forget(row.id)
  end
  return 'DONE'
end

local function run_now(row)
  if row.kind == 'ONE_TIME' or (row.due and row.fire and row.fire <= now) then
    change(row, reschedule, row.due and row.due < now and row.due or now)
  else
    change(row, fire_at, now)
    forget(row.id)
  end
end

local function change_waiting(row)
  local paused = row.state == 'PAUSED'
  if what == 'CANCEL' then
    return cancel(row)
  elseif what == 'PAUSE' then
    if not paused then
      change(row, pause)
    end
  elseif what == 'RESUME' then
    if not paused then
      return 'REFUSED'
    end
    change(row, resume)
  elseif what == 'RESCHEDULE' then
    if not row.due then
      return 'REFUSED'
    end
    change(row, reschedule, due)
  else
    if paused then
      return 'REFUSED'
    end
    run_now(row)
  end
  return 'DONE'
end

whatever_the_memory()
local answers = {}
for i = 4, #ARGV do
  local row = find(ARGV[i])
  if row then
    local before, result = row.state, nil
    if before == 'RUNNING' then
      change(row, function()
        result = ask_running(row)
      end)
    else
      result = change_waiting(row)
    end
    answers[#answers + 1] = { row.id, result, before, row.job, row.key or false }
  end
end
flush()
bound_history(tonumber(ARGV[1]))
return answers
