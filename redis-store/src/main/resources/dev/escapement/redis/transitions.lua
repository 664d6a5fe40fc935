-- What may become of a row. Whoever calls these does so through change().

local function forget_attempts(row)
  row.attempt = '0'
  row.lost = '0'
end

local function aim(row, fire, due)
  row.fire = fire
  row.due = due
end

local function end_fire(row)
  row.last = row.fire
  row.due = nil
  row.missed = '0'
  row.stale = '1'
  forget_attempts(row)
end

local function reschedule(row, due)
  row.version = beyond(row.version)
  row.due = due
end

-- Fires a waiting trigger then, apart from its schedule.
local function fire_at(row, at)
  row.version = beyond(row.version)
  aim(row, at, at)
  forget_attempts(row)
end

local function pause(row, reason)
  row.state = 'PAUSED'
  row.version = beyond(row.version)
  row.reason = reason
end

local function resume(row)
  row.state = 'SCHEDULED'
  row.version = beyond(row.version)
  row.reason = nil
  forget_attempts(row)
end

-- Calls off the fire that a standing trigger waits for.
local function call_off(row)
  row.version = beyond(row.version)
  end_fire(row)
end

local function move(row, queue, priority)
  row.queue = queue
  row.priority = priority
end

-- What is asked of a running trigger, as bits.
local CANCEL, PAUSE, RESCHEDULE, AGAIN = 1, 2, 4, 8

local function asks(row, kind)
  return bit.band(tonumber(row.asked), kind) ~= 0
end

local function ask(row, kind)
  row.asked = tostring(bit.bor(tonumber(row.asked), kind))
end

local function ask_nothing(row)
  row.asked = '0'
  row.asked_due = nil
  row.asked_payload = nil
  row.asked_headers = nil
end
