-- Takes what was put down. KEYS where
return {redis.call('GETDEL', KEYS[1]) or ''}
