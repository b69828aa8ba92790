-- What stands under a key, in one word: '-' nothing, '=text', '#n' n bytes, too many, '?hash' no text.
local function held(key, longest)
  local kind = redis.call('TYPE', key)['ok']
  if kind == 'none' then return '-' end
  if kind ~= 'string' then return '?' .. kind end
  local size = redis.call('STRLEN', key)
  if size > longest then return '#' .. size end
  return '=' .. redis.call('GET', key)
end

-- Now, in milliseconds since 1970.
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- What the audit knows of a key: the word, and when it lapses by itself (0: never).
local function known(hash, key)
  local text = redis.call('HGET', hash, key)
  if not text then return false, 0 end
  local lapses, word = string.match(text, '^(%d*)|(.*)$')
  return word or false, tonumber(lapses) or 0
end

local function know(hash, key, word, lapses)
  redis.pcall('HSET', hash, key, string.format('%.0f', lapses) .. '|' .. word)
end

-- A change that nobody made through a store, unless the value just lapsed.
local function outside(stream, lines, key, before, after)
  return redis.pcall('XADD', stream, 'MAXLEN', '~', lines, '*',
    'key', key, 'before', before, 'after', after, 'actor', '(outside)')
end
