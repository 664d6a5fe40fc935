-- Times are texts of 18 digits: microseconds since 1970. They compare like numbers, and no double
-- rounds them. The clock is Redis's own, and stands still while a script runs.

local LATEST = '253402300799999999'

local time = redis.call('TIME')
local now = string.format('%012d%06d', time[1], time[2])

-- The next value of a number that only grows: beyond what it was, and beyond what it may have been
-- before a failover lost that.
local function beyond(number)
  return string.format('%.0f', math.max(tonumber(number) + 1, tonumber(now)))
end

local function later(from, delay)
  local seconds = tonumber(string.sub(from, 1, 12)) + tonumber(string.sub(delay, 1, 12))
  local micros = tonumber(string.sub(from, 13)) + tonumber(string.sub(delay, 13))
  if micros >= 1000000 then
    seconds, micros = seconds + 1, micros - 1000000
  end
  local sum = string.format('%012d%06d', seconds, micros)
  return sum > LATEST and LATEST or sum
end

local function earlier(from, delay)
  local seconds = tonumber(string.sub(from, 1, 12)) - tonumber(string.sub(delay, 1, 12))
  local micros = tonumber(string.sub(from, 13)) - tonumber(string.sub(delay, 13))
  if micros < 0 then
    seconds, micros = seconds - 1, micros + 1000000
  end
  return seconds < 0 and string.rep('0', 18) or string.format('%012d%06d', seconds, micros)
end

-- What is due at a time ('=' before it), or so long from now ('+' before a text like a time's).
local function resolve(due)
  local given = string.sub(due, 2)
  return string.sub(due, 1, 1) == '=' and given or later(now, given)
end

-- As the score of a sorted set, in milliseconds: a double holds those exactly. The microseconds
-- are the first three characters of the member, so that both together keep the order.
local function score(at)
  return string.sub(at, 1, 15)
end

local function micros(at)
  return string.sub(at, 16)
end

local function instant(ofScore, member)
  return string.format('%015.0f', ofScore) .. string.sub(member, 1, 3)
end
