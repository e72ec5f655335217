-- Tells what an instance has of a board whose order has to begin anew.
-- KEYS meta, bids, channel  ARGV instance, epoch, seq, window in ms, others to be waited for
local m = redis.call('HMGET', KEYS[1], 'e', 's', 'inc', 'st', 'dl')
if m[4] == 'del' then return {'GONE'} end
local current = incarnation()
if m[4] == 'open' and m[3] == current and not further(ARGV[2], ARGV[3], m[1], m[2]) then return {'OPEN'} end
local time = now()
if m[4] ~= 'rec' or m[3] ~= current then
  m[5] = int(time + tonumber(ARGV[4]))
  redis.call('HSET', KEYS[1], 'st', 'rec', 'inc', current, 'dl', m[5])
  redis.call('DEL', KEYS[2])
  redis.call('PUBLISH', KEYS[3], '!')
end
-- What Redis has itself takes part: who has less takes it over first, unless it
-- has nothing and wants nothing.
local behind = m[1] and further(m[1], m[2], ARGV[2], ARGV[3])
if behind and tonumber(ARGV[3]) >= 0 then return {'BEHIND'} end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2] .. ' ' .. ARGV[3] .. ' ' .. ARGV[5])
redis.call('EXPIRE', KEYS[2], 120)
return {behind and 'BEHIND' or 'REC'}
