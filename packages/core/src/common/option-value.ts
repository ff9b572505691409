import { invalidOption } from './errors.ts';
import { isSecure } from './secure-url.ts';

// What options have in common; each throws a TypeError (`ERR_INVALID_OPTION`) that names the option.

export function readUrl(name: string, value: unknown, allowInsecureRequests: boolean): URL {
  const text = value instanceof URL ? value.href : value;
  if (typeof text !== 'string' || !URL.canParse(text)) throw invalidOption(`${name} must be an absolute URL`);
  const url = new URL(text);
  // The URL itself is not repeated: it may hold what it should not.
  if (url.username !== '' || url.password !== '') throw invalidOption(`${name} must not hold credentials`);
  if (url.hash !== '') throw invalidOption(`${name} must not have a fragment`);
  if (!isSecure(url) && !(allowInsecureRequests && url.protocol === 'http:')) {
    throw invalidOption(`${name} must use https; http is for loopback, or needs allowInsecureRequests: true`);
  }
  return url;
}

export function readDuration(name: string, value: number | undefined, least = 0): number | undefined {
  // Node's timers overflow past 2^31 - 1.
  if (value !== undefined && !(typeof value === 'number' && value >= least && value <= 2_147_483_647)) {
    throw invalidOption(`${name} must be a number of milliseconds from ${least} to 2147483647`);
  }
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

/** What a function of this library made, known by a method that it has. Only the function brings the code of the feature. */
export function readMade<T>(name: string, value: T | undefined, method: string, makers: string): T | undefined {
  if (value !== undefined && typeof (value as Record<string, unknown> | null)?.[method] !== 'function')
    throw invalidOption(`${name} must be what ${makers}`);
  return value;
}
