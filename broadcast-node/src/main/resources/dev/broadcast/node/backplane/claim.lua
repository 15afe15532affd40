-- Claims a connection id. Only the claims of live incarnations count, and all of theirs are looked
-- at: the caller names them, and is told if it does not know all.
--
-- KEYS  1 nodes  2.. claims of each incarnation, the caller's first
-- ARGV  1 connection id  2 credential  3 y to take over  4 life, ms  5 what the inboxes' names begin with
--       then the incarnations in the order of KEYS[2..]
-- Returns MEMBERS | GRANTED | TAKEN_OVER incarnation | HELD incarnation | FOREIGN incarnation
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local keys = {}
for i = 2, #KEYS do
  keys[ARGV[4 + i]] = KEYS[i]
end
local live = {}
local nodes = redis.call('HGETALL', KEYS[1])
for i = 1, #nodes, 2 do
  local incarnation, expires = string.match(nodes[i + 1], '^(%S+) %d+ (%d+)$')
  if incarnation and tonumber(expires) > now then
    if not keys[incarnation] then
      return {'MEMBERS'}
    end
    live[incarnation] = true
  end
end
local own = ARGV[6]
if not live[own] then
  return {'MEMBERS'}
end

local holder = nil
for incarnation in pairs(live) do
  local credential = redis.call('HGET', keys[incarnation], ARGV[1])
  if credential then
    if credential ~= ARGV[2] then
      return {'FOREIGN', incarnation}
    end
    holder = incarnation
  end
end
if holder and ARGV[3] ~= 'y' then
  return {'HELD', holder}
end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
if not holder then
  return {'GRANTED'}
end
if holder ~= own then
  redis.call('HDEL', keys[holder], ARGV[1])
  redis.call('PUBLISH', ARGV[5] .. holder, 'l ' .. ARGV[1])
end
return {'TAKEN_OVER', holder}
