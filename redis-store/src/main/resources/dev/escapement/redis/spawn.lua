-- Fires a standing trigger that doesn't run itself.
-- KEYS: control
-- ARGV: id, version, last fire (a time or empty), the next fire and its due (times or empty), how
--   many fires are missed; for each child: id, fire, due, how many fires are missed before it
-- Answers 1; 0 if the trigger isn't scheduled without hold in that version.
-- include: clock, tables, transitions

local EACH = 4

local parent = find(ARGV[1])
if not parent or parent.kind ~= 'STANDING' or parent.version ~= ARGV[2] or not may_run(parent) then
  return 0
end
local fires = {}
for at = 7, #ARGV, EACH do
  local id, fire, due, missed = unpack(ARGV, at, at + EACH - 1)
  if not fires[fire] and redis.call('HEXISTS', P .. 'children:' .. parent.id, fire) == 0 then
    fires[fire] = true
    insert({
      id = id, kind = 'ONE_TIME', job = parent.job, parent = parent.id, queue = parent.queue,
      priority = parent.priority, state = 'SCHEDULED', hold = '0', fire = fire, due = due,
      version = '0', attempt = '0', lost = '0', missed = missed, stale = '0', asked = '0',
      payload = parent.payload, headers = parent.headers
    })
  end
end
change(parent, function(row)
  row.version = beyond(row.version)
  row.last = ARGV[3] ~= '' and ARGV[3] or nil
  aim(row, ARGV[4] ~= '' and ARGV[4] or nil, ARGV[5] ~= '' and ARGV[5] or nil)
  row.missed = ARGV[6]
  row.stale = '0'
end)
flush()
return 1
