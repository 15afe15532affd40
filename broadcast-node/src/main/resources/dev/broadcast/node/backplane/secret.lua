-- The secret that the nodes share.
--
-- KEYS  1 the secret
-- ARGV  1 the one to begin with where there is none
-- Returns the secret
local secret = redis.call('GET', KEYS[1])
if not secret then
  secret = ARGV[1]
  redis.call('SET', KEYS[1], secret)
end
return {secret}
