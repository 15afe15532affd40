-- Counts what topics keep, for people: entries that are too old but not trimmed yet are counted, too.
--
-- KEYS  1 state  2.. one stream a topic
-- ARGV  1 epoch
-- Returns epoch and a number a topic; just nothing where there is no state, no numbers where the epoch is another one.
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if not epoch then
  return {}
end
local answer = {epoch}
if epoch == ARGV[1] then
  for i = 2, #KEYS do
    answer[i] = redis.call('TYPE', KEYS[i]).ok == 'stream' and redis.call('XLEN', KEYS[i]) or 0
  end
end
return answer
