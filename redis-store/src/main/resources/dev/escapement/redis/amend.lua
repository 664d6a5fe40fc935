-- Changes standing triggers, each by itself, those of the version that was seen.
-- KEYS: control
-- ARGV: for each: id, version, schedule, queue and priority (or empty), '1' and a payload (or '0'
--   and empty), '1' and what it waits for: fire and due, times or empty (or '0' and empty twice)
-- Answers the IDs of those that were changed.
-- include: clock, tables, transitions

local EACH = 10

local function amend(row, schedule, queue, priority, has_payload, payload, has_aim, fire, due)
  if row.schedule ~= schedule then
    row.stale = '1'
  end
  row.schedule = schedule
  if queue ~= '' then
    move(row, queue, priority)
  end
  if has_payload == '1' then
    row.payload = payload
  end
  if row.state ~= 'RUNNING' then
    row.version = beyond(row.version)
    if has_aim == '1' then
      aim(row, fire ~= '' and fire or nil, due ~= '' and due or nil)
      forget_attempts(row)
      row.stale = '0'
    end
  end
end

local amended = {}
for at = 1, #ARGV, EACH do
  local row = find(ARGV[at])
  if row and row.kind == 'STANDING' and row.version == ARGV[at + 1] then
    change(row, amend, unpack(ARGV, at + 2, at + EACH - 1))
    amended[#amended + 1] = row.id
  end
end
flush()
return amended
