-- Sends, on the shard's own channel, how far the sequence is: what comes back proves that messages
-- do, and shows a lost tail. Whoever asks with another epoch or generation, or asks another process
-- than the one that numbers, must attach again.
--
-- KEYS  1 state
-- ARGV  1 epoch  2 generation  3 channel
-- Returns OK millis | STALE millis
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local state = redis.call('HMGET', KEYS[1], 'epoch', 'gen', 'seq', 'replid')
local replication = redis.call('INFO', 'replication')
if state[1] ~= ARGV[1] or state[2] ~= ARGV[2]
  or string.match(replication, 'role:(%a+)') ~= 'master'
  or state[4] ~= (string.match(replication, 'master_replid:(%w+)') or '') then
  return {'STALE', now}
end
redis.call('PUBLISH', ARGV[3], 'b2 p ' .. state[1] .. ' ' .. state[2] .. ' ' .. now .. ' ' .. state[3] .. '\n')
return {'OK', now}
