/** Headers in any form of an HTTP client: a `Headers`, an object, pairs, or a flat list of names and values. */
export type AnyHeaders = object | null | undefined;

type HeaderList = Iterable<string | readonly [string, string]>;

/** Reads a header. `name` is in lower case. */
export function readHeader(headers: AnyHeaders, name: string): string | undefined {
  if (headers === undefined || headers === null) return undefined;
  const { get } = headers as Partial<Headers>;
  // A `Map` also has one, which tells upper case from lower case.
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

/** Names and values in turn, from a flat list or from pairs. A value may itself be a list. */
function flatHeaders(headers: HeaderList): string[] {
  const list = [...headers];
  return Array.isArray(list[0]) ? (list as [string, string][]).flat() : (list as string[]);
}

/** Copies an object of headers and adds `more`, which replace headers of the same name in any spelling. Never throws. */
export function joinHeaders<Value>(
  headers: Readonly<Record<string, Value>> | undefined,
  more: Readonly<Record<string, string>>,
): Record<string, Value | string> {
  const joined: Record<string, Value | string> = { ...headers };
  for (const name in joined) if (Object.hasOwn(more, name.toLowerCase())) delete joined[name];
  return Object.assign(joined, more);
}

/** Like {@link joinHeaders}, for a list that is flat or of pairs. */
export function joinFlatHeaders(headers: HeaderList, more: Readonly<Record<string, string>>): string[] {
  const flat = flatHeaders(headers);
  const kept = flat.filter((_, index) => !Object.hasOwn(more, String(flat[index - (index % 2)]).toLowerCase()));
  return [...kept, ...Object.entries(more).flat()];
}

function text(value: string | readonly string[] | null | undefined): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

/** Headers of any form as a `Headers`. */
export function asHeaders(headers: AnyHeaders): Headers {
  if (headers instanceof Headers) return headers;
  const copy = new Headers();
  const given = headers ?? {};
  const flat =
    Symbol.iterator in given
      ? flatHeaders(given as HeaderList)
      : Object.entries(given).flatMap(([name, value]) => [value].flat().flatMap((each) => [name, String(each)]));
  for (let index = 0; index + 1 < flat.length; index += 2) {
    try {
      copy.append(String(flat[index]), String(flat[index + 1]));
    } catch {
      // No name of a header: a pseudo-header of HTTP/2, or a member of the client's own class.
    }
  }
  return copy;
}
