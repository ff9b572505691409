/** Reads the `Authorization` header out of whatever `fetch` takes as headers. */
export function readAuthorization(headers: HeadersInit | undefined): string | undefined {
  if (headers === undefined) return undefined;
  if (isHeaders(headers)) return headers.get('authorization') ?? undefined;
  const entries = Array.isArray(headers) ? headers : Object.entries(headers);
  return entries.find(([name]) => name?.length === 13 && name.toLowerCase() === 'authorization')?.[1];
}

/** The same headers with more; what was given is left as it is. */
export function withHeaders(headers: HeadersInit | undefined, more: Readonly<Record<string, string>>): HeadersInit {
  if (headers === undefined) return more;
  if (Array.isArray(headers)) return [...headers, ...Object.entries(more)];
  if (!isHeaders(headers)) return { ...headers, ...more };
  const copy = new Headers(headers);
  for (const [name, value] of Object.entries(more)) copy.set(name, value);
  return copy;
}

/** By what it can do: other realms and libraries have their own `Headers`. */
function isHeaders(headers: HeadersInit): headers is Headers {
  return typeof (headers as { get?: unknown }).get === 'function';
}
