-- How long this Redis has been known to instances, in ms: since then nothing was
-- taken out of it. KEYS since
local time = now()
redis.call('SET', KEYS[1], int(time), 'NX')
return {int(time - tonumber(redis.call('GET', KEYS[1])))}
