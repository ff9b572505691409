import { invalidOption } from './errors.ts';
import { ownCopy } from './own.ts';
import { isSecure } from './secure-url.ts';

// How options are read. Each function throws a TypeError (`ERR_INVALID_OPTION`) that names the option.

/**
 * Copies the options that an object itself has. Refuses what is no object, and an option that does not exist.
 *
 * @param owner - the function that takes them.
 * @throws TypeError (`ERR_INVALID_OPTION`) naming the option.
 */
export function readOptions<T extends object>(owner: string, options: T, names: readonly (keyof T & string)[]): T {
  if (typeof options !== 'object' || options === null)
    throw invalidOption(`${owner} takes an object of options: ${names.join(', ')}`);
  const unknown = Object.keys(options).find((name) => !(names as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw invalidOption(`${owner} has no option "${unknown}"; its options are ${names.join(', ')}`);
  return ownCopy(options);
}

export function readUrl(name: string, value: unknown, allowInsecureRequests: boolean): URL {
  const text = value instanceof URL ? value.href : value;
  const isText = typeof text === 'string';
  // What stands before a port looks like a scheme: `localhost:8443`.
  if (!isText || !URL.canParse(text) || new URL(text).host === '') {
    const schemeless = isText && !/^\/|:\/\//.test(text) && URL.canParse(`https://${text}`);
    throw invalidOption(`${name} must be an absolute URL${schemeless ? ': it has no scheme, such as https://' : ''}`);
  }
  const url = new URL(text);
  // The URL itself is not repeated: it may hold what it should not.
  if (url.username !== '' || url.password !== '') throw invalidOption(`${name} must not hold credentials`);
  if (url.hash !== '') throw invalidOption(`${name} must not have a fragment`);
  if (!isSecure(url, allowInsecureRequests))
    throw invalidOption(`${name} must use https; http is for loopback, or needs allowInsecureRequests: true`);
  return url;
}

export function readBoolean(name: string, value: boolean | undefined): boolean {
  if (![undefined, true, false].includes(value)) throw invalidOption(`${name} must be true or false`);
  return value ?? false;
}

/**
 * Reads a duration in milliseconds, up to 2^31 - 1, where timers overflow.
 *
 * @throws TypeError (`ERR_INVALID_OPTION`) when it is not a number in that range.
 */
export function readDuration(name: string, value: number | undefined, least = 0): number | undefined {
  if (value !== undefined && !(typeof value === 'number' && value >= least && value <= 2_147_483_647))
    throw invalidOption(`${name} must be a number of milliseconds from ${least} to 2147483647`);
  return value;
}

export function readCount(name: string, value: number | undefined): number | undefined {
  if (value !== undefined && !(Number.isInteger(value) && value > 0))
    throw invalidOption(`${name} must be a positive integer`);
  return value;
}

export function readFunction<T>(name: string, value: T | undefined): T | undefined {
  if (value !== undefined && typeof value !== 'function') throw invalidOption(`${name} must be a function`);
  return value;
}
