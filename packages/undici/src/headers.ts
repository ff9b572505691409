import type { Dispatcher } from 'undici';

/** The three ways of undici: an object, a flat list of names and values, an iterable of pairs. */
type Headers = Dispatcher.DispatchOptions['headers'];

/** Reads the `Authorization` header. */
export function readAuthorization(headers: Headers): string | undefined {
  for (const [name, value] of entries(headers)) {
    if (name.length === 13 && name.toLowerCase() === 'authorization') return String(value);
  }
  return undefined;
}

/** The same headers with an `Authorization`; what was given is left as it is. */
export function withAuthorization(headers: Headers, value: string): NonNullable<Headers> {
  if (headers === null || headers === undefined) return { authorization: value };
  if (Array.isArray(headers)) return [...headers.flat(), 'authorization', value];
  if (!(Symbol.iterator in headers)) return { ...headers, authorization: value };
  return [...entries(headers), ['authorization', value] as const].flat() as string[];
}

function entries(headers: Headers): Iterable<readonly [string, unknown]> {
  if (headers === null || headers === undefined) return [];
  if (!Array.isArray(headers))
    return (Symbol.iterator in headers ? headers : Object.entries(headers)) as Iterable<[string, unknown]>;
  const flat = headers.flat();
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1]] as const] : []));
}
