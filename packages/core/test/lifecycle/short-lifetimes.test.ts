import { describe, expect, test } from '@jest/globals';
import type { TestClock } from '@tokenline/testing';
import { second, untimedClock } from '../test-clock.ts';
import { Client } from './client.ts';
import { settle } from './held-server.ts';

/** A JWT as a server issues it: its times are cut to whole seconds. */
function jwtOf(clock: TestClock, lifetime: number, serial: number): string {
  const iat = Math.floor(clock.now() / second);
  return `e30.${btoa(JSON.stringify({ iat, exp: iat + lifetime / second, jti: serial }))}.c2ln`;
}

/** Whether an API takes a JWT: until its `exp`, in whole seconds. */
function isTaken(token: string, clock: TestClock): boolean {
  const { exp } = JSON.parse(atob(token.split('.')[1] ?? '')) as { exp: number };
  return Math.floor(clock.now() / second) < exp;
}

describe.each([2, 3, 4])('tokens of %p seconds, 100 calls a second for 30 seconds', (seconds) => {
  test.each([0, 370, 990])(
    'lose no call and are not renewed without need (begun %p ms after the second)',
    async (offset) => {
      const clock = untimedClock();
      clock.advance(offset);
      const client = new Client({ clock });
      client.server.onRequest = (request) =>
        request.answer({
          access_token: jwtOf(clock, seconds * second, client.requestCount),
          expires_in: seconds,
        });
      let lost = 0;
      for (let call = 0; call < 3_000; call++) {
        const token = await client.ask();
        // A call is under way for some time.
        clock.advance(5);
        if (!isTaken(token, clock)) {
          const other = await client.ask({ rejected: token }).catch(() => token);
          if (!isTaken(other, clock)) lost++;
        }
        clock.advance(5);
        await settle();
      }
      expect(lost).toBe(0);
      expect(client.events.filter(({ type }) => type === 'rejected')).toHaveLength(0);
      expect(client.requestCount).toBeLessThanOrEqual(30 / (seconds / 2 - 0.5));
    },
  );
});

test('a token that lived for most of its short life was worth its request: its refusal is news', async () => {
  const client = new Client();
  client.server.onRequest = (request) => request.answer({ expires_in: 2 });
  let token = await client.ask();
  for (let refusals = 0; refusals < 20; refusals++) {
    client.clock.advance(1.5 * second);
    token = await client.ask({ rejected: token });
  }
  expect(token).toBe('token-21');
});
