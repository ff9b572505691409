import { once } from 'node:events';
import { format, inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { proofKey, type TokenSourceOptions } from '@tokenline/core';
import { unauthorized } from '../answer.ts';
import { until, type World } from '../world.ts';
import { testUnless } from './gap.ts';

/** Every way in which an error is shown. */
const shown: readonly [string, (error: unknown) => string][] = [
  ['serialised', serialised],
  ['printed', (error) => inspect(error)],
  ['printed at depth', (error) => inspect(error, { depth: 8, showHidden: true })],
  ['formatted', (error) => format('%o', error)],
  ['thrown', (error) => String((error as Error).stack)],
];

function serialised(error: unknown): string {
  try {
    return JSON.stringify(error);
  } catch {
    // The options of got hold its agent, whose sockets are circular.
    return '';
  }
}

const tokens: readonly [string, Partial<TokenSourceOptions>][] = [
  ['a bearer token', {}],
  ['a token that is bound to a key', { dpop: proofKey() }],
];

/** What nobody gets to see. */
export function secrets(world: World): void {
  /** Every error that a user may get of requests that have left, while another is under way, and what was in them. */
  const errorsOf = async (
    options: Partial<TokenSourceOptions>,
    { signal }: AbortController,
  ): Promise<{ errors: unknown[]; hidden: string[] }> => {
    const { api, identity } = world;
    const client = world.client({ source: world.source(options) });
    const errors: unknown[] = [];
    api.next({ after: once(signal, 'abort') });
    client.request({ url: '/orders', signal }).catch(() => {});
    await until(() => api.requests.length === 1, 'the other request is under way');
    const request = async (): Promise<void> => {
      const outcome = await client.request({ url: '/orders' }).catch((error: unknown) => ({ error }));
      errors.push(outcome.error);
    };
    api.next({ status: 404, body: 'no' });
    await request();
    api.next({ broken: true });
    await request();
    api.next(unauthorized(), { broken: true });
    await request();
    api.next(unauthorized(), unauthorized());
    await request();
    identity.fail('unavailable');
    api.next(unauthorized());
    await request();
    const sent = api.requests.flatMap(({ authorization = '', headers }) => [
      authorization.replace(/^\w+ /, ''),
      ...(headers['dpop'] === undefined ? [] : [String(headers['dpop'])]),
    ]);
    const { clientSecret } = identity.client;
    return { errors: errors.filter(Boolean), hidden: [...sent, clientSecret, encodeURIComponent(clientSecret)] };
  };

  describe.each(tokens)('the errors of a client with %s', (_, options) => {
    const hold = async (show: (error: unknown) => string): Promise<void> => {
      const controller = new AbortController();
      const { errors, hidden } = await errorsOf(options, controller);
      expect(errors.length).toBeGreaterThanOrEqual(2);
      expect(hidden.length).toBeGreaterThan(8);
      const texts = errors.map(show).join('\n');
      for (const secret of hidden) expect(texts.includes(secret)).toBe(false);
      controller.abort();
    };

    test.each(shown)('hold neither token nor proof nor secret when they are %s', (__, show) => hold(show));
  });

  test('the error of a token that cannot be had holds no secret', async () => {
    const { identity } = world;
    identity.fail('invalid_client');
    const { clientSecret } = identity.client;
    const error: unknown = await world
      .client()
      .request({ url: '/orders' })
      .catch((reason: unknown) => reason);
    for (const [, show] of shown) {
      for (const secret of [clientSecret, encodeURIComponent(clientSecret)]) expect(show(error)).not.toContain(secret);
    }
  });

  testUnless(
    world,
    'own retries',
    'the client’s own retry of a broken request carries a token and a proof',
    async () => {
      const { api } = world;
      const client = world.client({ source: world.source({ dpop: proofKey() }), retries: 1 });
      api.respond = () => ({});
      api.next({ broken: true });
      expect(await client.request({ url: '/orders' })).toMatchObject({ status: 200 });
      await until(() => api.requests.length === 2, 'there was a second request');
      expect(api.requests[1]?.authorization).toMatch(/^DPoP /);
      expect(api.requests[1]?.authorization).toBe(api.requests[0]?.authorization);
      expect(api.requests[1]?.headers['dpop']).not.toBe(api.requests[0]?.headers['dpop']);
    },
  );
}
