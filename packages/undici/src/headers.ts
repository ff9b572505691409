import { joinFlatHeaders, joinHeaders } from '@tokenline/core/adapter';
import type { Dispatcher } from 'undici';

/** The three ways of undici: an object, a flat list of names and values, an iterable of pairs. */
type Headers = Dispatcher.DispatchOptions['headers'];

/** A copy of the headers, with more. */
export function withHeaders(headers: Headers, more: Readonly<Record<string, string>>): NonNullable<Headers> {
  if (!headers) return more;
  if (!(Symbol.iterator in headers)) return joinHeaders(headers, more);
  return joinFlatHeaders(headers as Iterable<string | [string, string]>, more);
}
