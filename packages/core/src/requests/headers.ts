/** Headers in any of the ways of HTTP clients: a `Headers`, an object, pairs, or a flat list of names and values. */
export type AnyHeaders = object | null | undefined;

type HeaderList = Iterable<string | readonly [string, string]>;

/** Reads one header, whose name is given in lower case. */
export function readHeader(headers: AnyHeaders, name: string): string | undefined {
  if (headers === undefined || headers === null) return undefined;
  const { get } = headers as Partial<Headers>;
  // A `Map` has one too, for which "Authorization" is another name.
  if (typeof get === 'function' && !(headers instanceof Map)) return text(get.call(headers, name));
  if (Symbol.iterator in headers) {
    const flat = flatHeaders(headers as HeaderList);
    return text(flat.find((_, index) => index % 2 === 1 && String(flat[index - 1]).toLowerCase() === name));
  }
  for (const key in headers) {
    if (key.length !== name.length || key.toLowerCase() !== name) continue;
    const value = text((headers as Record<string, string | readonly string[]>)[key]);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Names and values in turns, of a list that is flat or of pairs. A value may be a list itself. */
export function flatHeaders(headers: HeaderList): string[] {
  const list = [...headers];
  return Array.isArray(list[0]) ? (list as [string, string][]).flat() : (list as string[]);
}

/** A copy of an object of headers with more, which take the place of those that it has by these names in any spelling. */
export function joinHeaders<Value>(
  headers: Readonly<Record<string, Value>> | undefined,
  more: Readonly<Record<string, string>>,
): Record<string, Value | string> {
  const joined: Record<string, Value | string> = { ...headers };
  for (const name in joined) if (Object.hasOwn(more, name.toLowerCase())) delete joined[name];
  return Object.assign(joined, more);
}

function text(value: string | readonly string[] | null | undefined): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
