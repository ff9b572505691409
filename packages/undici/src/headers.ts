import { joinFlatHeaders, joinHeaders } from '@tokenline/core/adapter';
import type { Dispatcher } from 'undici';

/** The three ways of undici: an object, a flat list of names and values, an iterable of pairs. */
type Headers = Dispatcher.DispatchOptions['headers'];
type Given = Exclude<Headers, undefined>;

/** The same headers, in a form that can be read as often as one likes: a generator gives them but once. */
export function readable<H extends Headers>(headers: H): H | string[] {
  return isIterable(headers) && !Array.isArray(headers) ? joinFlatHeaders(headers, {}) : headers;
}

/** A copy of the headers, with more. What undici takes for no headers stays as it is, for undici to refuse. */
export function withHeaders(headers: Headers, more: Readonly<Record<string, string>>): Given {
  if (isIterable(headers)) return joinFlatHeaders(headers, more);
  return typeof headers === 'object' || headers === undefined
    ? joinHeaders((headers ?? {}) as Record<string, string>, more)
    : headers;
}

/** The headers that a redirect takes along to another origin. */
export function headersElsewhere(headers: Headers): Given {
  const stays = /^(cookie|host|proxy-authorization)$/i;
  if (Array.isArray(headers)) return headers.filter((_, index) => !stays.test(String(headers[index - (index % 2)])));
  return Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => !stays.test(name)));
}

function isIterable(headers: Headers): headers is Iterable<string | [string, string]> & Headers {
  return typeof headers === 'object' && headers !== null && Symbol.iterator in headers;
}
