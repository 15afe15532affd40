-- Reads a page of the shard's log: which number went to which topic. An entry of the log covers the
-- numbers of one script and is named by the last of them.
--
-- KEYS  1 state  2 log
-- ARGV  1 epoch  2 numbers after this one  3 numbers at most
-- Returns epoch lineage sequence millis, and if the epoch is the one asked for: the number that the
-- log starts after, the first number of the page, its topics separated by spaces
local function text(n)
  return string.format('%.0f', n)
end

local time = redis.call('TIME')
local state = redis.call('HMGET', KEYS[1], 'epoch', 'lineage', 'seq')
if not state[1] then
  return {}
end
local answer = {state[1], state[2], state[3], text(time[1] * 1000 + math.floor(time[2] / 1000))}
if state[1] ~= ARGV[1] then
  return answer
end

local function covered(entry)
  local final = tonumber(string.match(entry[1], '^%d+'))
  local names = entry[2][2]
  local _, spaces = string.gsub(names, ' ', '')
  return final - spaces, final, names
end

local after, limit = tonumber(ARGV[2]), tonumber(ARGV[3])
local first = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
local starts_after = first and covered(first) - 1 or tonumber(state[3])
local next_number = math.max(after, starts_after) + 1
local from, names = next_number, {}
for _, entry in ipairs(redis.call('XRANGE', KEYS[2], text(next_number) .. '-0', '+', 'COUNT', limit)) do
  local low, high, topics = covered(entry)
  if low > next_number then
    -- Somebody deleted from the log: what follows is covered, what is between is not.
    if #names > 0 then
      break
    end
    starts_after, next_number, from = low - 1, low, low
  end
  local number = low
  for topic in string.gmatch(topics, '%S+') do
    if number >= next_number and #names < limit then
      names[#names + 1] = topic
    end
    number = number + 1
  end
  next_number = high + 1
  if #names >= limit then
    break
  end
end
answer[5] = text(starts_after)
answer[6] = text(from)
answer[7] = table.concat(names, ' ')
return answer
