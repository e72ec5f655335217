-- Orders a batch of entries, keeps and publishes it.
-- KEYS meta, stream, channel  ARGV epoch, have, instance, entries, payload, most behind the snapshot
local m = redis.call('HMGET', KEYS[1], 'e', 'inc', 'st', 's', 'ss', 't')
if not m[1] then return {'FENCE', 'none'} end
if m[3] == 'del' then return {'GONE'} end
if not is(m[2]) then return {'FENCE', 'inc'} end
if m[3] ~= 'open' then return {'FENCE', 'rec'} end
if m[1] ~= ARGV[1] then return {'EPOCH'} end
local s = tonumber(m[4])
if tonumber(ARGV[2]) > s then return {'FENCE', 'regr'} end
if s - tonumber(m[5]) >= tonumber(ARGV[6]) then return {'FULL'} end
local first, last = s + 1, s + tonumber(ARGV[4])
local t = math.max(tonumber(m[6] or 0), now())
-- Nothing is undone when a script fails: what can fail comes first.
redis.call('XADD', KEYS[2], int(last) .. '-0', 'n', ARGV[4], 't', int(t), 'b', ARGV[5])
redis.call('HSET', KEYS[1], 's', int(last), 't', int(t))
redis.call('PUBLISH', KEYS[3], m[1] .. ' ' .. int(first) .. ' ' .. int(last) .. ' ' .. int(t) .. '\n' .. ARGV[5])
return {'OK', first, last, int(t)}
