-- Stores messages and clearings of one shard, numbers them without holes, and publishes what was
-- stored in one frame. Redis does not roll scripts back: whatever can fail is looked at before the
-- first write, and the first write is an XADD, which memory limits, replicas, a full disk and keys
-- that hold something else refuse.
--
-- KEYS  1 state  2 log  3 idempotency keys (hash)  4 the same by age (list)  5.. one stream a topic
-- ARGV  1 epoch           2 generation       3 latest time to begin, ms   4 history size
--       5 history age, ms 6 log size         7 topics at most             8 key lifetime, ms
--       9 keys at most   10 channel
--      11 a letter an item: m message, k message with a key, c clearing
--      12 a byte an item: its topic, the first stream's is 0
--      then the topics' names in the order of their streams
--      then a pair an item: its head and its payload, as the frame carries them
--      then a pair an item with a key: the key and its content
-- Returns STALE | LATE millis
--       | OK millis keys-dropped-early first-number, then a pair for each item that did not just take the next
--         number: its place from 0, and R generation sequence millis (stored before) | K (key reused) | E why
--
-- What is done for each item counts: of the time a batch takes, XADD itself is the smaller part. So
-- the caller sends what goes into the frame ready made, and everything that need be said once is
-- said once: bounds, expiry, state, predecessors.
local SETTINGS = 12
local SLACK = 60000
local MESSAGE, KEYED = string.byte('mk', 1, 2)
local format, byte, call, try = string.format, string.byte, redis.call, redis.pcall

-- Exact for every number we give out; what Lua makes of a number on its own is not.
local function text(n)
  return format('%d', n)
end

local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local millis = text(now)
local epoch, generation = ARGV[1], ARGV[2]
if now > tonumber(ARGV[3]) then
  return {'LATE', millis}
end
local size, expiry, ttl = tonumber(ARGV[4]), text(ARGV[5] + SLACK), tonumber(ARGV[8])
local kinds, topic_of = ARGV[11], ARGV[12]

local topics = #KEYS - 4
local fields = {'epoch', 'gen', 'seq', 'floor'}
for t = 1, topics do
  fields[4 + t] = 't:' .. ARGV[SETTINGS + t]
end
local state = call('HMGET', KEYS[1], unpack(fields))
if state[1] ~= epoch or state[2] ~= generation then
  return {'STALE'}
end
local before, floor = tonumber(state[3]), state[4] or '0'

-- Each topic's last number, as text: what the next message names as its predecessor.
local last, predecessors = {}, {}
for t = 1, topics do
  last[t] = state[4 + t]
  if not last[t] then
    last[t] = floor
    if floor ~= '0' then
      -- Pruned from the state, but its stream, if it is there, still knows.
      local newest = try('XREVRANGE', KEYS[4 + t], '+', '-', 'COUNT', 1)[1]
      last[t] = newest and string.match(newest[1], '^%d+') or floor
    end
  end
  predecessors[t] = ARGV[SETTINGS + t] .. ' ' .. last[t] .. '\n'
end
local log_type = call('TYPE', KEYS[2]).ok
if log_type ~= 'none' and log_type ~= 'stream' then
  return redis.error_reply('WRONGTYPE the log is not a stream')
end

local function remembered(key, content)
  local value = try('HGET', KEYS[3], key)
  if type(value) == 'table' then
    return 'E ' .. value.err
  end
  if value then
    local old, generated, number, stored = string.match(value, '^(%S+) (%S+) (%d+) (%d+)$')
    if old and tonumber(stored) + ttl > now then
      return old == content and ('R ' .. generated .. ' ' .. number .. ' ' .. stored) or 'K'
    end
  end
  return nil
end

local answers = {'OK', millis, 0, text(before + 1)}
local items, sequence, cleared, kept_keys = #kinds, before, {}, 0
local first_pair = SETTINGS + topics + 1
local at, key_at = first_pair, first_pair + 2 * items
local id_end = '-' .. millis
local stored = nil -- the items that were stored, once one was not
for i = 1, items do
  local kind, t, answer = byte(kinds, i), byte(topic_of, i) + 1, nil
  local key, content = nil, nil
  if kind == KEYED then
    key, content = ARGV[key_at], ARGV[key_at + 1]
    key_at = key_at + 2
    answer = remembered(key, content)
  end
  if not answer then
    local number, added = text(sequence + 1), nil
    if kind == MESSAGE or kind == KEYED then
      added = try('XADD', KEYS[4 + t], number .. id_end, 'g', generation, 'p', last[t], 'm', ARGV[at + 1])
    else
      added = try('XADD', KEYS[4 + t], 'MAXLEN', '=', 1, number .. id_end, 'g', generation, 'p', last[t], 'c', '1')
    end
    if type(added) == 'table' then
      if sequence == before and not string.match(added.err, '^WRONGTYPE') and not string.match(added.err, '^ERR') then
        return redis.error_reply(added.err)
      end
      answer = 'E ' .. added.err
    else
      sequence = sequence + 1
      if key then
        try('HSET', KEYS[3], key, content .. ' ' .. generation .. ' ' .. number .. ' ' .. millis)
        try('RPUSH', KEYS[4], millis .. ' ' .. key)
        kept_keys = kept_keys + 1
      elseif kind ~= MESSAGE then
        cleared[t] = last[t]
      end
      last[t] = number
      if stored then
        stored[#stored + 1] = i
      end
    end
  end
  if answer then
    if not stored then
      stored = {}
      for earlier = 1, i - 1 do
        stored[earlier] = earlier
      end
    end
    answers[#answers + 1] = i - 1
    answers[#answers + 1] = answer
  end
  at = at + 2
end

if sequence == before then
  return answers
end

local set, touched = {'seq', text(sequence)}, {}
for t = 1, topics do
  if tonumber(last[t]) > before then
    touched[#touched + 1] = t
    set[#set + 1] = fields[4 + t]
    set[#set + 1] = last[t]
    if cleared[t] then
      set[#set + 1] = 'c:' .. ARGV[SETTINGS + t]
      set[#set + 1] = cleared[t]
    end
  end
end
local new_fields = call('HSET', KEYS[1], unpack(set))

local logged, bodies = {}, nil
if stored then
  bodies = {}
  for _, i in ipairs(stored) do
    logged[#logged + 1] = ARGV[SETTINGS + 1 + byte(topic_of, i)]
    bodies[#bodies + 1] = ARGV[first_pair + 2 * i - 2]
    bodies[#bodies + 1] = ARGV[first_pair + 2 * i - 1]
  end
  bodies = table.concat(bodies)
else
  for i = 1, items do
    logged[i] = ARGV[SETTINGS + 1 + byte(topic_of, i)]
  end
  bodies = table.concat(ARGV, '', first_pair, first_pair + 2 * items - 1)
end
local after = math.max(0, sequence - ARGV[6] + 1)
try('XADD', KEYS[2], 'MINID', '~', text(after), text(sequence) .. '-0', 't', table.concat(logged, ' '))
call('PEXPIRE', KEYS[2], expiry)

for _, t in ipairs(touched) do
  local stream = KEYS[4 + t]
  call('PEXPIRE', stream, expiry)
  local length = call('XLEN', stream)
  if size < 200 then
    -- Whole nodes of up to 100 entries go at once, which is too coarse for short histories.
    if length > size then
      call('XTRIM', stream, 'MAXLEN', '=', size)
    end
  elseif length > size + 100 and length - call('XTRIM', stream, 'MAXLEN', '~', size) > 2 * size then
    -- Where stream-node-max-entries is larger than Redis' own default.
    call('XTRIM', stream, 'MAXLEN', '=', size)
  end
end

-- Topics past the bound: the oldest of a few goes, and all topics without a field share the floor.
-- Only a new one brings them past it.
local excess = new_fields > 0 and call('HLEN', KEYS[1]) - 12 - ARGV[7] or 0
for _ = 1, math.min(excess, 2 * topics + 2) do
  local oldest, oldest_last = nil, nil
  for _, field in ipairs(call('HRANDFIELD', KEYS[1], 16)) do
    if string.sub(field, 1, 2) == 't:' then
      local number = tonumber(call('HGET', KEYS[1], field))
      if number and number <= before and (not oldest or number < oldest_last) then
        oldest, oldest_last = field, number
      end
    end
  end
  if oldest then
    floor = math.max(floor, oldest_last)
    call('HDEL', KEYS[1], oldest, 'c:' .. string.sub(oldest, 3))
    call('HSET', KEYS[1], 'floor', text(floor))
  end
end

if kept_keys > 0 then
  local excess_keys = (tonumber(try('HLEN', KEYS[3])) or 0) - tonumber(ARGV[9])
  local early = 0
  for _ = 1, 2 * kept_keys + 16 do
    local eldest = try('LINDEX', KEYS[4], 0)
    if type(eldest) ~= 'string' then
      break
    end
    local stored_at, key = string.match(eldest, '^(%d+) (.*)$')
    local expired = tonumber(stored_at) + ttl <= now
    if not expired and excess_keys <= 0 then
      break
    end
    call('LPOP', KEYS[4])
    local value = call('HGET', KEYS[3], key)
    -- The same key may have been stored again since.
    if value and string.match(value, ' (%d+)$') == stored_at then
      call('HDEL', KEYS[3], key)
      excess_keys = excess_keys - 1
      if not expired then
        early = early + 1
      end
    end
  end
  try('PEXPIRE', KEYS[3], ttl + SLACK)
  try('PEXPIRE', KEYS[4], ttl + SLACK)
  if early > 0 then
    call('HINCRBY', KEYS[1], 'early', early)
    answers[3] = early
  end
end

call('PUBLISH', ARGV[10], 'b2 m ' .. epoch .. ' ' .. generation .. ' ' .. millis .. ' ' .. text(before + 1) .. ' '
  .. text(sequence - before) .. ' ' .. topics .. '\n' .. table.concat(predecessors) .. bodies)
return answers
