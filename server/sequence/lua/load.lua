-- What follows a position, or the whole board.
-- KEYS meta, stream, snapshot  ARGV epoch, have, page, raw: whatever the state of the order
local m = redis.call('HMGET', KEYS[1], 'e', 'inc', 'st', 's', 'ss', 'h')
if m[3] == 'del' then return {'GONE'} end
if not m[1] then return {'FENCE', 'none'} end
if ARGV[4] == '' then
  if not is(m[2]) then return {'FENCE', 'inc'} end
  if m[3] ~= 'open' then return {'FENCE', 'rec'} end
end
local have, s = tonumber(ARGV[2]), tonumber(m[4])
if m[1] == ARGV[1] then
  if have > s then return {'FENCE', 'regr'} end
  if have == s then return {'TAIL', s, {}} end
  local tail = redis.call('XRANGE', KEYS[2], '(' .. int(have) .. '-0', '+', 'COUNT', ARGV[3])
  if #tail > 0 then
    local last, n = tonumber(string.match(tail[1][1], '^%d+')), tonumber(tail[1][2][2])
    if last - n <= have then return {'TAIL', s, tail} end
  end
end
return {'WHOLE', s, m[1], tonumber(m[5]), m[6], redis.call('GET', KEYS[3]) or '',
  redis.call('XRANGE', KEYS[2], '(' .. m[5] .. '-0', '+', 'COUNT', ARGV[3])}
