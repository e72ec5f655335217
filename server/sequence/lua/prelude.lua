-- Whose data these are: after a restart, a failover or a way back the same
-- numbers may mean other entries. A master has an id of its own from when it
-- starts, or is made one; run_id would stay when one is made a master again.
local function replication() return redis.call('INFO', 'replication') end
local function incarnation() return string.match(replication(), 'master_replid:(%w+)') end
-- The same as incarnation() == inc, for less.
local function is(inc)
  return inc and string.find(replication(), 'master_replid:' .. inc, 1, true)
end
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
local function int(n) return string.format('%.0f', n) end
local function counter(epoch) return tonumber(string.match(epoch or '', '^(%d+)')) or 0 end
-- Whether a position is further than another: by the epoch's counter, then seq.
local function further(epoch, seq, other, than)
  local a, b = counter(epoch), counter(other)
  if a ~= b then return a > b end
  return tonumber(seq) > tonumber(than)
end
