-- Takes or renews a node's lease, drops leases that ended, and lists the live ones.
--
-- KEYS  1 nodes  2 claims of this incarnation
-- ARGV  1 node id  2 incarnation  3 life, ms
-- Returns TAKEN incarnation expires millis, where another live incarnation has the node id,
--       or OK millis claims, and for each live node: id, incarnation, since, expires
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local life = tonumber(ARGV[3])

local function text(n)
  return string.format('%.0f', n)
end

local since, others = now, {}
local nodes = redis.call('HGETALL', KEYS[1])
local ended = {}
for i = 1, #nodes, 2 do
  local incarnation, joined, expires = string.match(nodes[i + 1], '^(%S+) (%d+) (%d+)$')
  if not incarnation or tonumber(expires) <= now then
    ended[#ended + 1] = nodes[i]
  elseif nodes[i] ~= ARGV[1] then
    for _, value in ipairs({nodes[i], incarnation, joined, expires}) do
      others[#others + 1] = value
    end
  elseif incarnation ~= ARGV[2] then
    return {'TAKEN', incarnation, expires, text(now)}
  else
    since = tonumber(joined)
  end
end

redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. text(since) .. ' ' .. text(now + life))
for _, id in ipairs(ended) do
  if id ~= ARGV[1] then
    redis.call('HDEL', KEYS[1], id)
  end
end
redis.call('PEXPIRE', KEYS[1], 10 * life)
redis.call('PEXPIRE', KEYS[2], life)
local answer = {'OK', text(now), redis.call('HLEN', KEYS[2]), ARGV[1], ARGV[2], text(since), text(now + life)}
for _, value in ipairs(others) do
  answer[#answer + 1] = value
end
return answer
