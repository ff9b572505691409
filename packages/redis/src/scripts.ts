// A script is one step: nothing happens between its commands. Each of these needs one key only, so that a cluster runs it.

/** In bytes. What the source stores is about half of that at most, once it is encrypted. */
const longest = 512 * 1024;

/** The value, and how many milliseconds are left to it. What is no text, too long, or to stay for ever, is none of ours. */
export const getValue: string = `
local found = redis.pcall('GETRANGE', KEYS[1], 0, ${longest})
if found == '' then return nil end
if type(found) ~= 'string' or #found > ${longest} then return {false, 0} end
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
