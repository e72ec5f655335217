-- Keeps a newer snapshot and drops what of the stream is well behind it.
-- KEYS meta, stream, snapshot  ARGV epoch, seq, snapshot, entries kept behind it, -1: not even what ends with it
local m = redis.call('HMGET', KEYS[1], 'e', 'inc', 'st', 's', 'ss')
if m[1] ~= ARGV[1] or not is(m[2]) or m[3] ~= 'open' then return {'NO'} end
local seq, newest = tonumber(ARGV[2]), tonumber(m[5])
if seq > tonumber(m[4]) then return {'OLD', newest} end
if seq > newest then
  redis.call('SET', KEYS[3], ARGV[3])
  redis.call('HSET', KEYS[1], 'ss', ARGV[2])
  newest = seq
end
local from = newest - tonumber(ARGV[4])
if from > 0 then redis.call('XTRIM', KEYS[2], 'MINID', int(from) .. '-0') end
return {'OK', newest}
