-- Begins the order anew from what the furthest instance has.
-- KEYS meta, stream, snapshot, bids, channel
-- ARGV instance, epoch it has, seq, new epoch, epochs, snapshot, time, patience with a better bid in ms
local m = redis.call('HMGET', KEYS[1], 'inc', 'st', 'dl')
if m[2] == 'del' then return {'GONE'} end
if m[2] ~= 'rec' or not is(m[1]) then return {'OVER'} end
local bids, time, late = {}, now(), tonumber(m[3])
local all = redis.call('HGETALL', KEYS[4])
for i = 1, #all, 2 do
  local epoch, seq, others = string.match(all[i + 1], '^(%S*) (%S+) (.*)$')
  bids[all[i]] = {epoch, tonumber(seq), others}
end
local own = bids[ARGV[1]]
if not own or own[1] ~= ARGV[2] or own[2] ~= tonumber(ARGV[3]) then return {'OVER'} end
for id, bid in pairs(bids) do
  if time < late then
    for other in string.gmatch(bid[3], '%S+') do
      if not bids[other] then return {'WAIT', late - time} end
    end
  end
  local better = further(bid[1], bid[2], own[1], own[2])
  local same = not better and not further(own[1], own[2], bid[1], bid[2])
  if time < late + tonumber(ARGV[8]) and (better or same and id < ARGV[1]) then return {'BETTER'} end
end
redis.call('DEL', KEYS[2], KEYS[4])
redis.call('SET', KEYS[3], ARGV[6])
redis.call('HDEL', KEYS[1], 'dl')
redis.call('HSET', KEYS[1], 'e', ARGV[4], 's', ARGV[3], 'ss', ARGV[3], 'h', ARGV[5], 't', ARGV[7], 'st', 'open')
redis.call('PUBLISH', KEYS[5], '!')
return {'OK'}
