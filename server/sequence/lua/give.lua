-- Puts something down for who has asked for it. KEYS where  ARGV what
redis.call('SET', KEYS[1], ARGV[1], 'EX', 60)
return {'OK'}
