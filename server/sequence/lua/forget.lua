-- Takes out what no instance has written of a board: its order begins anew from
-- what instances have. KEYS meta, stream, snapshot, bids, channel  ARGV epoch
local m = redis.pcall('HMGET', KEYS[1], 'st', 'e')
if not m.err then
  if m[1] == 'del' then return {'GONE'} end
  -- Somebody else was faster.
  if m[2] and counter(m[2]) > counter(ARGV[1]) then return {'OVER'} end
end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
redis.call('PUBLISH', KEYS[5], '!')
return {'OK'}
