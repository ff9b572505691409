import { joinHeaders } from '@tokenline/core/adapter';

/** Copies headers and adds `more`. */
export function withHeaders(headers: HeadersInit | undefined, more: Readonly<Record<string, string>>): HeadersInit {
  if (headers === undefined) return more;
  if (!(Symbol.iterator in headers)) return joinHeaders(headers, more);
  const copy = new Headers(headers);
  for (const name in more) copy.set(name, more[name] ?? '');
  return copy;
}
