import { OAuthError, type TokenEvent, tokenErrorOf } from '@tokenline/core';
import type { Case } from '../case.ts';
import { expectEqual, expectTrue, failureOf } from '../expect.ts';
import { Clock, minute } from '../world.ts';

const about = 'core';

/** The life of a token, and of its source. */
export const sourceCases: readonly Case[] = [
  {
    about,
    name: 'an ageing token is renewed in the background',
    async run(world) {
      const clock = new Clock();
      const source = world.source({ clock });
      const first = await source.getToken();
      clock.ahead += 57 * minute;
      expectEqual((await source.getToken()).value, first.value, 'the token meanwhile');
      await world.until('it is renewed', ({ tokenRequests }) => tokenRequests === 2);
      for (let attempt = 0; attempt < 100 && (await source.getToken()).value === first.value; attempt++)
        await new Promise((resolve) => setTimeout(resolve, 10));
      expectTrue((await source.getToken()).value !== first.value, 'another token');
    },
  },
  {
    about,
    name: 'an expired token is never handed out',
    async run(world) {
      const clock = new Clock();
      const source = world.source({ clock });
      const first = await source.getToken();
      clock.ahead += 61 * minute;
      const tokens = await Promise.all(Array.from({ length: 100 }, () => source.getToken()));
      expectEqual(new Set(tokens.map(({ value }) => value)).size, 1, 'tokens');
      expectTrue(tokens[0]?.value !== first.value, 'another token');
      expectEqual((await world.look()).tokenRequests, 2, 'token requests');
    },
  },
  {
    about,
    name: 'the last caller who leaves ends the token request',
    async run(world) {
      await world.change({ outage: 'hanging' });
      const events: TokenEvent[] = [];
      const source = world.source({ onEvent: (event) => events.push(event) });
      const controllers = [new AbortController(), new AbortController()];
      const left = controllers.map(({ signal }) => failureOf(source.getToken({ signal })));
      await world.until('the token is requested', ({ tokenRequests }) => tokenRequests === 1);
      const reasons = ['the first', 'the second'];
      for (const [index, controller] of controllers.entries()) controller.abort(reasons[index]);
      expectEqual(await Promise.all(left), reasons, 'what the callers get');
      for (let turn = 0; turn < 100 && events.at(-1)?.type !== 'aborted'; turn++)
        await new Promise((resolve) => setTimeout(resolve, 10));
      expectEqual(events.at(-1)?.type, 'aborted', 'the last event');
      await world.change({ outage: 'none' });
      await source.getToken();
    },
  },
  {
    about,
    name: 'a short outage is waited for',
    async run(world) {
      await world.change({ outage: 'unavailable' });
      const asked = world.source({ patience: 20_000 }).getToken();
      await world.until('the token is requested', ({ tokenRequests }) => tokenRequests === 1);
      await world.change({ outage: 'none' });
      await asked;
    },
  },
  {
    about,
    name: 'an outage leaves the token that is held in use',
    async run(world) {
      const clock = new Clock();
      const source = world.source({ clock });
      const { value } = await source.getToken();
      await world.change({ outage: 'unavailable' });
      clock.ahead += 59.9 * minute;
      expectEqual((await source.getToken()).value, value, 'the token');
      clock.ahead += minute;
      const error = tokenErrorOf(await failureOf(source.getToken()));
      expectEqual([error?.code, error?.transient, error?.status], ['ERR_TOKEN_REQUEST', true, 503], 'the error');
    },
  },
  {
    about,
    name: 'nobody answers',
    async run(world) {
      const { issuer: _, ...client } = world.servers.client;
      const source = world.source({ ...client, issuer: world.servers.nowhere });
      const error = tokenErrorOf(await failureOf(source.getToken()));
      expectEqual([error?.code, error?.transient], ['ERR_DISCOVERY_REQUEST', true], 'the error');
    },
  },
  {
    about,
    name: 'an answer that never comes',
    async run(world) {
      await world.change({ outage: 'hanging' });
      const error = tokenErrorOf(await failureOf(world.source({ timeout: 500 }).getToken()));
      expectEqual([error?.code, error?.transient], ['ERR_TOKEN_TIMEOUT', true], 'the error');
    },
  },
  {
    about,
    name: 'a refused client',
    async run(world) {
      const error = await failureOf(world.source({ clientSecret: 'wrong' }).getToken());
      expectTrue(error instanceof OAuthError, 'an OAuthError');
      expectEqual([error.error, error.transient], ['invalid_client', false], 'the error');
    },
  },
];
