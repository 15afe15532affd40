-- The types that were registered in the cluster.
--
-- KEYS  1 the set of them
-- ARGV  types that the asking node knows: what Redis has lost is there again
-- Returns all of them
for first = 1, #ARGV, 1000 do
  redis.call('SADD', KEYS[1], unpack(ARGV, first, math.min(first + 999, #ARGV)))
end
return redis.call('SMEMBERS', KEYS[1])
