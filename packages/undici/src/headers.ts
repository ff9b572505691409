import type { Dispatcher } from 'undici';

/** The three ways of undici: an object, a flat list of names and values, an iterable of pairs. */
type Headers = Dispatcher.DispatchOptions['headers'];

/** Reads the `Authorization` header. */
export function readAuthorization(headers: Headers): string | undefined {
  if (headers === null || headers === undefined) return undefined;
  if (Array.isArray(headers)) return readFlat(headers.flat());
  if (Symbol.iterator in headers) return readFlat([...(headers as Iterable<[string, string]>)].flat());
  for (const name in headers) {
    if (isAuthorization(name)) return String(headers[name]);
  }
  return undefined;
}

function readFlat(headers: readonly string[]): string | undefined {
  return headers.find((_, index) => index % 2 === 1 && isAuthorization(headers[index - 1] ?? ''));
}

function isAuthorization(name: string): boolean {
  return name.length === 13 && name.toLowerCase() === 'authorization';
}

/** The same headers with more; what was given is left as it is. */
export function withHeaders(headers: Headers, more: Readonly<Record<string, string>>): NonNullable<Headers> {
  if (headers === null || headers === undefined) return more;
  if (Array.isArray(headers)) return [...headers.flat(), ...Object.entries(more).flat()];
  if (!(Symbol.iterator in headers)) return { ...headers, ...more };
  return [...(headers as Iterable<[string, string]>), ...Object.entries(more)].flat();
}
