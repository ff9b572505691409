import type { Answer } from './answer.ts';
import type { Clock } from '../common/clock.ts';

const longest = 5 * 60 * 1_000;

/**
 * How long a server asks to be left alone, in milliseconds, five minutes at most; `undefined` where it asks for nothing,
 * as it does with a date that has passed by our clock.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110.html#section-10.2.3 | RFC 9110 §10.2.3}
 */
export function retryAfter({ headers }: Answer, clock: Clock): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - clock.now();
  return wait > 0 ? Math.min(wait, longest) : undefined;
}
