-- Reads a shard's state on the master, makes it if it is missing, and opens a new generation if
-- the process that numbers is another one, or went back in time, since the last was opened.
--
-- KEYS  1 state
-- ARGV  1 epoch to use if there is none     2 generation to use if a new one is needed
--       3 format version                    4 number of shards
--       5-7 what the caller has read up to: epoch, generation, sequence; empty if nothing
--       8 generations to keep in the lineage
-- Returns OK epoch lineage sequence millis run | REPLICA | FORMAT format shards
local function text(n)
  return string.format('%.0f', n)
end

local replication = redis.call('INFO', 'replication')
if string.match(replication, 'role:(%a+)') ~= 'master' then
  return {'REPLICA'}
end
local replid = string.match(replication, 'master_replid:(%w+)') or ''
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local state = redis.call('HMGET', KEYS[1], 'epoch', 'gen', 'lineage', 'seq', 'run', 'replid', 'format', 'shards')
local epoch, generation, lineage, sequence = state[1], state[2], state[3], tonumber(state[4])

if not epoch then
  epoch, sequence = ARGV[1], 0
  lineage = ARGV[2] .. ':0'
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'gen', ARGV[2], 'lineage', lineage, 'seq', '0', 'floor', '0',
    'run', run, 'replid', replid, 'format', ARGV[3], 'shards', ARGV[4])
elseif state[7] ~= ARGV[3] or state[8] ~= ARGV[4] then
  return {'FORMAT', state[7] or '', state[8] or ''}
else
  local back = ARGV[5] == epoch and ARGV[6] == generation and tonumber(ARGV[7]) > sequence
  if back or state[5] ~= run or state[6] ~= replid then
    lineage = lineage .. ',' .. ARGV[2] .. ':' .. text(sequence)
    local _, commas = string.gsub(lineage, ',', '')
    while commas >= tonumber(ARGV[8]) do
      lineage = string.gsub(lineage, '^[^,]*,', '')
      commas = commas - 1
    end
    redis.call('HSET', KEYS[1], 'gen', ARGV[2], 'lineage', lineage, 'run', run, 'replid', replid)
  end
end
return {'OK', epoch, lineage, text(sequence), text(now), run}
