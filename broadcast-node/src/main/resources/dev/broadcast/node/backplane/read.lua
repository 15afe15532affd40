-- Reads pages of topics, and the shard's state, at one moment. What is older than the history's age
-- is not there: age is the clock of this Redis and wins over count.
--
-- KEYS  1 state  2.. one stream a topic
-- ARGV  1 epoch, or '' for the current one   2 entries after this number; '' for the last ones
--       3 entries a topic at most            4 history age, ms    5 bytes in all, about
--       6 of the last ones those before this number, or ''
--       then the topics' names in the order of their streams
-- Returns epoch lineage sequence millis, and a page a topic:
--       {more (of the last ones: older ones the bytes cut off), first predecessor or -1, last, cleared through, sequence, millis, generation, predecessor, kind, payload, ...}
-- or just nothing where there is no state, and no pages where the epoch is another one.
local SETTINGS = 6

local function text(n)
  return string.format('%.0f', n)
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local oldest = now - tonumber(ARGV[4])
local topics = #KEYS - 1
local fields = {'epoch', 'lineage', 'seq', 'floor'}
for t = 1, topics do
  fields[#fields + 1] = 't:' .. ARGV[SETTINGS + t]
  fields[#fields + 1] = 'c:' .. ARGV[SETTINGS + t]
end
local state = redis.call('HMGET', KEYS[1], unpack(fields))
if not state[1] then
  return {}
end
local answer = {state[1], state[2], state[3], text(now)}
if ARGV[1] ~= '' and ARGV[1] ~= state[1] then
  return answer
end

local function split(id)
  local sequence, millis = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(sequence), tonumber(millis)
end

local function entry_from(stream, sequence)
  return redis.call('XRANGE', stream, text(sequence) .. '-0', '+', 'COUNT', 1)[1]
end

-- The first entry that is young enough. Entries are in the order of time, so halving finds it.
local function first_kept(stream)
  local first = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
  if not first then
    return nil
  end
  local old, millis = split(first[1])
  if millis >= oldest then
    return first
  end
  local newest = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
  local young, newest_millis = split(newest[1])
  if newest_millis < oldest then
    return nil
  end
  local kept = newest
  while old + 1 < young do
    local middle = math.floor((old + young) / 2)
    local entry = entry_from(stream, middle)
    local sequence, entry_millis = split(entry[1])
    if entry_millis >= oldest then
      kept, young = entry, middle
    else
      old = sequence
    end
  end
  return kept
end

local function field(entry, name)
  local values = entry[2]
  for i = 1, #values - 1, 2 do
    if values[i] == name then
      return values[i + 1]
    end
  end
  return nil
end

local limit, budget = tonumber(ARGV[3]), tonumber(ARGV[5])

local function append(page, entry)
  local sequence, millis = split(entry[1])
  local payload = field(entry, 'm')
  page[#page + 1] = text(sequence)
  page[#page + 1] = text(millis)
  page[#page + 1] = field(entry, 'g') or ''
  page[#page + 1] = field(entry, 'p') or '0'
  page[#page + 1] = payload and 'm' or 'c'
  page[#page + 1] = payload or ''
  budget = budget - (payload and #payload or 0) - 64
  return sequence
end

for t = 1, topics do
  local stream = KEYS[1 + t]
  local kind = redis.call('TYPE', stream).ok
  local first = kind == 'stream' and first_kept(stream) or nil
  local last = state[4 + 2 * t - 1]
  local page = {0, -1, last or state[4], state[4 + 2 * t] or '0'}
  if first then
    local start = split(first[1])
    page[2] = field(first, 'p') or '0'
    if not last then
      page[3] = text(split(redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1][1]))
    end
    if ARGV[2] == '' then
      local newest = ARGV[6] == '' and '+' or text(tonumber(ARGV[6]) - 1)
      local chosen, bytes = {}, 0
      repeat
        local count = math.min(16, limit - #chosen)
        local entries = redis.call('XREVRANGE', stream, newest, text(start) .. '-0', 'COUNT', count)
        for _, entry in ipairs(entries) do
          local payload = field(entry, 'm')
          if #chosen > 0 and bytes > budget then
            page[1] = 1
            break
          end
          bytes = bytes + (payload and #payload or 0) + 64
          chosen[#chosen + 1] = entry
          newest = text(split(entry[1]) - 1)
        end
      until #entries < count or #chosen == limit or page[1] == 1
      for i = #chosen, 1, -1 do
        append(page, chosen[i])
      end
    else
      local from, taken = math.max(start, tonumber(ARGV[2]) + 1), 0
      repeat
        -- In small steps, so that large messages do not all come into memory at once.
        local count = math.min(16, limit - taken + 1)
        local entries = redis.call('XRANGE', stream, text(from) .. '-0', '+', 'COUNT', count)
        for _, entry in ipairs(entries) do
          if taken == limit or (taken > 0 and budget <= 0) then
            page[1] = 1
            break
          end
          from = append(page, entry) + 1
          taken = taken + 1
        end
      until #entries < count or page[1] == 1
    end
  end
  answer[#answer + 1] = page
end
return answer
