/** Reads the `Authorization` header out of whatever `fetch` takes as headers. */
export function readAuthorization(headers: HeadersInit | undefined): string | undefined {
  if (headers === undefined) return undefined;
  if (isHeaders(headers)) return headers.get('authorization') ?? undefined;
  const entries = Array.isArray(headers) ? headers : Object.entries(headers);
  return entries.find(([name]) => name?.length === 13 && name.toLowerCase() === 'authorization')?.[1];
}

/** The same headers with an `Authorization`; what was given is left as it is. */
export function withAuthorization(headers: HeadersInit | undefined, value: string): HeadersInit {
  if (headers === undefined) return { authorization: value };
  if (Array.isArray(headers)) return [...headers, ['authorization', value]];
  if (!isHeaders(headers)) return { ...headers, authorization: value };
  const copy = new Headers(headers);
  copy.set('authorization', value);
  return copy;
}

/** By what it can do: other realms and libraries have their own `Headers`. */
function isHeaders(headers: HeadersInit): headers is Headers {
  return typeof (headers as { get?: unknown }).get === 'function';
}
