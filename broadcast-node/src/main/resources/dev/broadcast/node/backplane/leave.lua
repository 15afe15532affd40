-- Gives a node's lease and its claims back.
--
-- KEYS  1 nodes  2 claims of this incarnation
-- ARGV  1 node id  2 incarnation  3 control channel  4 what to tell the others
local lease = redis.call('HGET', KEYS[1], ARGV[1])
if lease and string.match(lease, '^%S+') == ARGV[2] then
  redis.call('HDEL', KEYS[1], ARGV[1])
end
redis.call('DEL', KEYS[2])
redis.call('PUBLISH', ARGV[3], ARGV[4])
return {'OK'}
