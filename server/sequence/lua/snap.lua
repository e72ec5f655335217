-- Keeps a newer snapshot and drops what of the stream is well behind it.
-- KEYS meta, stream, snapshot  ARGV epoch, seq, snapshot, entries kept behind it
local m = redis.call('HMGET', KEYS[1], 'e', 'inc', 'st', 's', 'ss')
if m[1] ~= ARGV[1] or m[2] ~= incarnation() or m[3] ~= 'open' then return {'NO'} end
local seq = tonumber(ARGV[2])
if seq <= tonumber(m[5]) or seq > tonumber(m[4]) then return {'OLD', tonumber(m[5])} end
redis.call('SET', KEYS[3], ARGV[3])
redis.call('HSET', KEYS[1], 'ss', ARGV[2])
local from = seq - tonumber(ARGV[4])
if from > 0 then redis.call('XTRIM', KEYS[2], 'MINID', int(from) .. '-0') end
return {'OK', seq}
