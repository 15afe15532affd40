-- Reads single entries that the log named.
--
-- KEYS  1 state  2.. one stream a topic
-- ARGV  1 epoch  2 history age, ms  3 bytes in all, about
--       then the topics' names in the order of their streams
--       then pairs: number of the topic, number of the entry
-- Returns epoch lineage sequence millis, and if the epoch is the one asked for, as far as the bytes
-- allow, for each pair: {sequence, millis, generation, predecessor, kind, payload}, or 0 where it is
-- gone, or 1 where it was cleared
local SETTINGS = 3

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local oldest, budget = now - tonumber(ARGV[2]), tonumber(ARGV[3])
local topics = #KEYS - 1
local fields = {'epoch', 'lineage', 'seq'}
for t = 1, topics do
  fields[#fields + 1] = 'c:' .. ARGV[SETTINGS + t]
end
local state = redis.call('HMGET', KEYS[1], unpack(fields))
if not state[1] then
  return {}
end
local answer = {state[1], state[2], state[3], string.format('%.0f', now)}
if state[1] ~= ARGV[1] then
  return answer
end

local function fields_of(entry)
  local values = {}
  for i = 1, #entry[2] - 1, 2 do
    values[entry[2][i]] = entry[2][i + 1]
  end
  return values
end

local streams = {}
for t = 1, topics do
  streams[t] = redis.call('TYPE', KEYS[1 + t]).ok == 'stream'
end

for i = SETTINGS + topics + 1, #ARGV - 1, 2 do
  local t, number = tonumber(ARGV[i]), ARGV[i + 1]
  local entry = streams[t] and redis.call('XRANGE', KEYS[1 + t], number, number, 'COUNT', 1)[1]
  local millis = entry and string.match(entry[1], '%d+$')
  if not entry or tonumber(millis) < oldest then
    answer[#answer + 1] = tonumber(number) <= (tonumber(state[3 + t]) or 0) and 1 or 0
  else
    local values = fields_of(entry)
    answer[#answer + 1] = {
      number, millis, values['g'] or '', values['p'] or '0', values['m'] and 'm' or 'c', values['m'] or '' }
    budget = budget - (values['m'] and #values['m'] or 0)
    if budget <= 0 then
      break
    end
  end
end
return answer
