-- Which of several servers this is. Nodes that count or order them otherwise would look for a
-- shard where it is not, and each would go on alone.
--
-- KEYS  1 place
-- ARGV  1 what the caller takes it for
-- Returns what it is
local place = redis.call('GET', KEYS[1])
if not place then
  place = ARGV[1]
  redis.call('SET', KEYS[1], place)
end
return {place}
