-- Takes a ticket away: once, whoever asks.
--
-- KEYS  1 the ticket
-- Returns what it was good for, or nothing
local grant = redis.call('GET', KEYS[1])
if not grant then
  return {}
end
redis.call('DEL', KEYS[1])
return {grant}
