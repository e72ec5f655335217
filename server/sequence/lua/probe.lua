-- Where boards of one partition are. KEYS their metas
local found = {incarnation()}
for _, key in ipairs(KEYS) do
  -- One that is no meta is as good as none, and none of the others' business.
  local m = redis.pcall('HMGET', key, 'e', 's', 'inc', 'st')
  if m.err then m = {} end
  found[#found + 1] = {m[1] or '', m[2] or '0', m[3] or '', m[4] or ''}
end
return found
