/** Headers in any of the ways of HTTP clients: a `Headers`, an object, pairs, or a flat list of names and values. */
export type AnyHeaders = object | null | undefined;

/** Reads one header, whose name is given in lower case. */
export function readHeader(headers: AnyHeaders, name: string): string | undefined {
  if (headers === undefined || headers === null) return undefined;
  const { get } = headers as Partial<Headers>;
  // A `Map` has one too, for which "Authorization" is another name.
  if (typeof get === 'function' && !(headers instanceof Map)) return get.call(headers, name) ?? undefined;
  if (Symbol.iterator in headers) {
    const flat = [...(headers as Iterable<string | [string, string]>)].flat();
    return flat.find((_, index) => index % 2 === 1 && flat[index - 1]?.toLowerCase() === name);
  }
  for (const key in headers) {
    if (key.length === name.length && key.toLowerCase() === name) {
      const value = (headers as Record<string, string | readonly string[] | undefined>)[key];
      return value === undefined ? undefined : String(value);
    }
  }
  return undefined;
}
