-- Executions.
--
--   x:KEY                      an execution, packed like a row; KEY: when claimed (18), trigger (36),
--                              version (19)
--   history                    all, in the order of their KEYs: score 0, member KEY
--   history:trigger            those of each trigger; member: trigger, when claimed, version
--   history:job:JOB            those of a job
--   history:outcome:OUTCOME    those that ended so, but not those that succeeded, which most do

local function execution_key(claimed, id, version)
  return claimed .. id .. string.rep('0', 19 - #version) .. version
end

local function of_trigger(key)
  return string.sub(key, 19, 54) .. string.sub(key, 1, 18) .. string.sub(key, 55)
end

local SUCCEEDED = 'SUCCEEDED'

local function note_execution(key, job, outcome, at)
  note(P .. 'history', key, at)
  note(P .. 'history:trigger', of_trigger(key), at)
  note(P .. 'history:job:' .. job, key, at)
  if outcome ~= SUCCEEDED then
    note(P .. 'history:outcome:' .. outcome, key, at)
  end
end

-- An execution as it is kept; nil if there is none.
local function execution(key)
  return redis.call('GET', P .. 'x:' .. key) or nil
end

-- Drops an execution that was found in an index.
local function drop_execution(key, index)
  local text = execution(key)
  if text then
    local row = cmsgpack.unpack(text)
    note_execution(key, row.job, row.outcome)
  else -- evicted
    note(index, key)
    note(P .. 'history', key)
    note(P .. 'history:trigger', of_trigger(key))
  end
  later_call('DEL', P .. 'x:' .. key)
end

local recorded = 0

local function record(key, row)
  row.id = key
  later_call('SET', P .. 'x:' .. key, cmsgpack.pack(row))
  note_execution(key, row.job, row.outcome, '0')
  recorded = recorded + 1
end

-- Drops the oldest where there are too many: at most two for each that was recorded, so that a
-- history whose bound was lowered comes down to it in time. After flush().
local function bound_history(most)
  if recorded == 0 then
    return
  end
  local beyond = math.min(redis.call('ZCARD', P .. 'history') - most, 2 * recorded)
  if beyond > 0 then
    for _, oldest in ipairs(redis.call('ZRANGE', P .. 'history', 0, beyond - 1)) do
      drop_execution(oldest, P .. 'history')
    end
    flush()
  end
end
