-- A board is gone for good; that it was there is remembered.
-- KEYS meta, stream, snapshot, bids, channel  ARGV days
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
redis.call('HSET', KEYS[1], 'st', 'del')
redis.call('EXPIRE', KEYS[1], tonumber(ARGV[1]) * 86400)
redis.call('PUBLISH', KEYS[5], '!')
return {'OK'}
