-- KEYS: the flag's key, the revision, the audit, what the audit knows.
-- ARGV: expected ('' is anything), after, lapses after ms ('' is never), actor, reason and run ('' is none, else '=' and the
-- text), lines of the audit, longest text, and '1' where changes made outside are written down.
local key, longest = KEYS[1], tonumber(ARGV[8])
local before = held(key, longest)
if ARGV[1] ~= '' and ARGV[1] ~= before then return {0, 0, before} end

if ARGV[9] == '1' then
  local word, lapses = known(KEYS[4], key)
  local lapsed = lapses > 0 and before == '-' and now() >= lapses
  if word and word ~= before and not lapsed then outside(KEYS[3], ARGV[7], key, word, before) end
end

local revision = redis.pcall('INCR', KEYS[2])
if type(revision) == 'table' then return revision end
local entry = {'XADD', KEYS[3], 'MAXLEN', '~', ARGV[7], '*', 'key', key, 'before', before, 'after', ARGV[2],
  'actor', ARGV[4], 'revision', string.format('%.0f', revision)}
for at, name in pairs({[5] = 'reason', [6] = 'run'}) do
  if ARGV[at] ~= '' then
    entry[#entry + 1] = name
    entry[#entry + 1] = string.sub(ARGV[at], 2)
  end
end
local line = redis.pcall(unpack(entry))
if type(line) == 'table' then return line end

local done, lapses
if ARGV[2] == '-' then
  done, lapses = redis.pcall('DEL', key), 0
elseif ARGV[3] == '' then
  done, lapses = redis.pcall('SET', key, string.sub(ARGV[2], 2)), 0
else
  done, lapses = redis.pcall('SET', key, string.sub(ARGV[2], 2), 'PX', ARGV[3]), now() + ARGV[3]
end
if type(done) == 'table' and done['err'] then
  redis.pcall('XDEL', KEYS[3], line)
  return done
end
know(KEYS[4], key, ARGV[2], lapses)
return {1, revision, before}
