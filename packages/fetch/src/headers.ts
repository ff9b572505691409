import { joinHeaders } from '@tokenline/core';

/** The same headers with more; what was given is left as it is. */
export function withHeaders(headers: HeadersInit | undefined, more: Readonly<Record<string, string>>): HeadersInit {
  if (headers === undefined) return more;
  if (!(Symbol.iterator in headers)) return joinHeaders(headers, more);
  const copy = new Headers(headers);
  for (const name in more) copy.set(name, more[name] ?? '');
  return copy;
}
