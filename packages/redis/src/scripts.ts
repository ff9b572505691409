// A script is one step: nothing happens between its commands. Each of these needs one key only, so that a cluster runs it.

/** The value, and how many milliseconds are left to it. What is not a text, or is to stay for ever, is none of ours. */
export const getValue = `
local found = redis.pcall('GET', KEYS[1])
if not found then return nil end
if type(found) ~= 'string' then return {false, 0} end
return {found, redis.call('PTTL', KEYS[1])}`;

export const setValue = `return redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])`;

/** 1 for the one who gets it. */
export const leaseKey = `
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return 0`;

/** Only its owner may delete it. */
export const releaseKey = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;
