-- Keeps a ticket until its life is over.
--
-- KEYS  1 the ticket
-- ARGV  1 what it is good for  2 life, ms
-- Returns KEPT
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {'KEPT'}
