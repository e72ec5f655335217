-- Where boards of one partition are. KEYS their metas
local found = {incarnation()}
for _, key in ipairs(KEYS) do
  local m = redis.call('HMGET', key, 'e', 's', 'inc', 'st')
  found[#found + 1] = {m[1] or '', m[2] or '0', m[3] or '', m[4] or ''}
end
return found
