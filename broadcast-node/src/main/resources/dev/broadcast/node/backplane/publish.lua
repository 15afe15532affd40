-- Stores messages and clearings of one shard, numbers them without holes, and publishes what was
-- stored in one frame. Redis does not roll scripts back: whatever can fail is looked at before the
-- first write, and the first write is an XADD, which memory limits, replicas and a full disk refuse.
--
-- KEYS  1 state  2 log  3 idempotency keys (hash)  4 the same by age (list)  5.. one stream a topic
-- ARGV  1 epoch           2 generation       3 latest time to begin, ms   4 history size
--       5 history age, ms 6 log size         7 topics at most             8 key lifetime, ms
--       9 keys at most    10 channel
--       then the topics' names in the order of their streams
--       then items of 6: kind (m, c), number of the topic, key or '', content, receipt or '-', payload
-- Returns STALE | LATE millis | OK millis keys-dropped-early, and an answer an item:
--       S sequence | R generation sequence millis (stored before) | K (key reused) | E why
local SETTINGS, ITEM = 10, 6
local SLACK = 60000

local function text(n)
  return string.format('%.0f', n)
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local epoch, generation = ARGV[1], ARGV[2]
if now > tonumber(ARGV[3]) then
  return {'LATE', text(now)}
end
local size, age, ttl = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[8])

local topics = #KEYS - 4
local fields = {'epoch', 'gen', 'seq', 'floor'}
for t = 1, topics do
  fields[4 + t] = 't:' .. ARGV[SETTINGS + t]
end
local state = redis.call('HMGET', KEYS[1], unpack(fields))
if state[1] ~= epoch or state[2] ~= generation then
  return {'STALE'}
end
local sequence, floor = tonumber(state[3]), tonumber(state[4]) or 0
local first = sequence + 1

local last, broken = {}, {}
for t = 1, topics do
  local kind = redis.call('TYPE', KEYS[4 + t]).ok
  broken[t] = kind ~= 'none' and kind ~= 'stream'
  last[t] = tonumber(state[4 + t])
  if not last[t] then
    last[t] = floor
    if floor > 0 and kind == 'stream' then
      -- Pruned from the state, but its stream still knows.
      local entry = redis.call('XREVRANGE', KEYS[4 + t], '+', '-', 'COUNT', 1)[1]
      last[t] = entry and tonumber(string.match(entry[1], '^%d+')) or floor
    end
  end
end
local log_type = redis.call('TYPE', KEYS[2]).ok
if log_type ~= 'none' and log_type ~= 'stream' then
  return redis.error_reply('WRONGTYPE the log is not a stream')
end

local answers, frame, logged, changes, touched = {'OK', text(now), 0}, {''}, {}, {}, {}
local kept_keys = false

local function remembered(key, content)
  local value = redis.pcall('HGET', KEYS[3], key)
  if type(value) == 'table' then
    return 'E ' .. value.err
  end
  if value then
    local old, generated, number, millis = string.match(value, '^(%S+) (%S+) (%d+) (%d+)$')
    if old and tonumber(millis) + ttl > now then
      return old == content and ('R ' .. generated .. ' ' .. number .. ' ' .. millis) or 'K'
    end
  end
  return nil
end

for i = SETTINGS + topics, #ARGV - ITEM, ITEM do
  local kind, t, key, content, receipt, payload =
    ARGV[i + 1], tonumber(ARGV[i + 2]), ARGV[i + 3], ARGV[i + 4], ARGV[i + 5], ARGV[i + 6]
  local answer = nil
  if broken[t] then
    answer = 'E the key of the history holds something else'
  elseif key ~= '' then
    answer = remembered(key, content)
  end
  if not answer then
    local stream, id, before = KEYS[4 + t], text(sequence + 1) .. '-' .. text(now), text(last[t])
    local added
    if kind == 'c' then
      added = redis.pcall('XADD', stream, 'MAXLEN', '=', 1, id, 'g', generation, 'p', before, 'c', '1')
    else
      -- Whole nodes of up to 100 entries go at once, which is too coarse for short histories.
      added = redis.pcall('XADD', stream, 'MAXLEN', size < 200 and '=' or '~', size, id,
        'g', generation, 'p', before, 'm', payload)
    end
    if type(added) == 'table' and added.err then
      if #logged == 0 and not string.match(added.err, '^WRONGTYPE') and not string.match(added.err, '^ERR') then
        return redis.error_reply(added.err)
      end
      answer = 'E ' .. added.err
    else
      sequence = sequence + 1
      answer = 'S ' .. text(sequence)
      if key ~= '' then
        redis.pcall('HSET', KEYS[3], key, content .. ' ' .. generation .. ' ' .. text(sequence) .. ' ' .. text(now))
        redis.pcall('RPUSH', KEYS[4], text(now) .. ' ' .. key)
        kept_keys = true
      end
      if kind == 'c' then
        changes['c:' .. ARGV[SETTINGS + t]] = before
        payload = ''
      end
      logged[#logged + 1] = ARGV[SETTINGS + t]
      frame[#frame + 1] = text(sequence) .. ' ' .. before .. ' ' .. kind .. ' ' .. #payload .. ' '
        .. ARGV[SETTINGS + t] .. ' ' .. receipt .. '\n' .. payload
      last[t] = sequence
      touched[t] = true
      changes['t:' .. ARGV[SETTINGS + t]] = text(sequence)
    end
  end
  answers[#answers + 1] = answer
end

if #logged == 0 then
  return answers
end

local set = {'seq', text(sequence)}
for field, value in pairs(changes) do
  set[#set + 1] = field
  set[#set + 1] = value
end
redis.call('HSET', KEYS[1], unpack(set))

local after = math.max(0, sequence - tonumber(ARGV[6]) + 1)
redis.pcall('XADD', KEYS[2], 'MINID', '~', text(after), text(sequence) .. '-0', 't', table.concat(logged, ' '))
redis.call('PEXPIRE', KEYS[2], age + SLACK)
for t in pairs(touched) do
  redis.call('PEXPIRE', KEYS[4 + t], age + SLACK)
  -- Where stream-node-max-entries is larger than Redis' own default.
  if size >= 200 and redis.call('XLEN', KEYS[4 + t]) > 2 * size then
    redis.call('XTRIM', KEYS[4 + t], 'MAXLEN', '=', size)
  end
end

-- Topics past the bound: the oldest of a few goes, and all topics without a field share the floor.
local excess = redis.call('HLEN', KEYS[1]) - 12 - tonumber(ARGV[7])
for _ = 1, math.min(excess, 2 * topics + 2) do
  local oldest, oldest_last = nil, nil
  for _, field in ipairs(redis.call('HRANDFIELD', KEYS[1], 16)) do
    if string.sub(field, 1, 2) == 't:' and not changes[field] then
      local number = tonumber(redis.call('HGET', KEYS[1], field))
      if number and (not oldest or number < oldest_last) then
        oldest, oldest_last = field, number
      end
    end
  end
  if oldest then
    floor = math.max(floor, oldest_last)
    redis.call('HDEL', KEYS[1], oldest, 'c:' .. string.sub(oldest, 3))
    redis.call('HSET', KEYS[1], 'floor', text(floor))
  end
end

if kept_keys then
  local excess_keys = (tonumber(redis.pcall('HLEN', KEYS[3])) or 0) - tonumber(ARGV[9])
  local early = 0
  for _ = 1, 2 * #logged + 16 do
    local eldest = redis.pcall('LINDEX', KEYS[4], 0)
    if type(eldest) ~= 'string' then
      break
    end
    local millis, key = string.match(eldest, '^(%d+) (.*)$')
    local expired = tonumber(millis) + ttl <= now
    if not expired and excess_keys <= 0 then
      break
    end
    redis.call('LPOP', KEYS[4])
    local value = redis.call('HGET', KEYS[3], key)
    -- The same key may have been stored again since.
    if value and string.match(value, ' (%d+)$') == millis then
      redis.call('HDEL', KEYS[3], key)
      excess_keys = excess_keys - 1
      if not expired then
        early = early + 1
      end
    end
  end
  redis.pcall('PEXPIRE', KEYS[3], ttl + SLACK)
  redis.pcall('PEXPIRE', KEYS[4], ttl + SLACK)
  if early > 0 then
    redis.call('HINCRBY', KEYS[1], 'early', early)
    answers[3] = early
  end
end

frame[1] = 'b1 m ' .. epoch .. ' ' .. generation .. ' ' .. text(now) .. ' ' .. #logged .. '\n'
redis.call('PUBLISH', ARGV[10], table.concat(frame))
return answers
