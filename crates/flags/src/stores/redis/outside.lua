-- KEYS: the audit, what the audit knows, and the keys to look at.
-- ARGV: lines of the audit, longest text.
local noticed = 0
for at = 3, #KEYS do
  local key = KEYS[at]
  local after = held(key, tonumber(ARGV[2]))
  local before, lapses = known(KEYS[2], key)
  local lapsed = lapses > 0 and after == '-' and now() >= lapses
  if (before or '-') ~= after then
    if not lapsed then
      local line = outside(KEYS[1], ARGV[1], key, before or '-', after)
      if type(line) == 'table' then return line end
      noticed = noticed + 1
    end
    local left = redis.call('PTTL', key)
    know(KEYS[2], key, after, left > 0 and now() + left or 0)
  end
end
return noticed
