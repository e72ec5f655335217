-- A board is born. KEYS meta, snapshot  ARGV epoch, seq, epochs, snapshot, time
if redis.call('EXISTS', KEYS[1]) == 1 then return {'EXISTS'} end
redis.call('SET', KEYS[2], ARGV[4])
redis.call('HSET', KEYS[1], 'e', ARGV[1], 'inc', incarnation(), 'st', 'open', 's', ARGV[2], 'ss', ARGV[2], 'h', ARGV[3], 't', ARGV[5])
return {'OK'}
