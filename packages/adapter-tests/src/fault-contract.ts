import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTokenSource, tokenErrorOf } from '@tokenline/core';
import type { AdapterUnderTest } from './adapter.ts';
import { ApiServer } from './api-server.ts';
import { clientSecret, faults } from './faults.ts';
import { answer, FaultyServer } from './faulty-server.ts';

const clientId = 'orders';
/** Longer than any test: what ends in another way than at the deadline does not wait for it. */
const patient = 600_000;
const encoded = new URLSearchParams([['', clientSecret]]).toString().slice(1);
/** What is in every spelling of what nobody may see. */
export const hidden: readonly string[] = [
  'Zq7Xw9Kp',
  'Vb4Tn8Rm',
  ...[clientSecret, encodeURIComponent(clientSecret), encoded].map((secret) =>
    Buffer.from(`${clientId}:${secret}`).toString('base64'),
  ),
];

/** All that a log can show of an error and of its causes. */
function shownOf(error: unknown): string {
  const texts = [JSON.stringify(error), inspect(error), inspect(error, { depth: 8, showHidden: true })];
  for (let item = error as Error | undefined; item; item = item.cause as Error | undefined)
    texts.push(String(item), item.message, String(item.stack), JSON.stringify(item));
  return texts.join('\n');
}

/** What a user of the adapter sees of each of the {@link faults} of a token endpoint; the API hears nothing of any. */
export function describeFaults(adapter: AdapterUnderTest): void {
  describe(`a token endpoint that fails ${adapter.name}`, () => {
    let api: ApiServer;
    let server: FaultyServer;

    beforeEach(async () => {
      [api, server] = await Promise.all([ApiServer.start({ accepts: () => true }), FaultyServer.start()]);
    });
    afterEach(async () => {
      await Promise.all([api.close(), server.close()]);
    });

    /** The error that the user of a client sees. */
    const fail = async (timeout: number, options: object = {}): Promise<unknown> => {
      const tokenEndpoint = `${server.origin}/connect/token`;
      const source = createTokenSource({ tokenEndpoint, clientId, clientSecret, timeout, patience: 0, ...options });
      const client = adapter.create({ source, baseUrl: api.origin });
      try {
        const outcome: unknown = await client
          .request({ url: '/orders' })
          .catch((error: unknown) => ({ thrown: error }));
        expect(outcome).toHaveProperty('thrown');
        return (outcome as { thrown: unknown }).thrown;
      } finally {
        await client.close();
      }
    };
    const expectHarmless = (error: unknown, code: string): void => {
      expect(tokenErrorOf(error)?.code ?? error).toBe(code);
      const shown = shownOf(error);
      for (const secret of hidden) expect(shown).not.toContain(secret);
      expect(api.requests).toEqual([]);
    };

    test.each(faults)('with $name: $code', async ({ code, fault, greets, source }) => {
      server.fault = fault;
      if (greets) server.greet = (socket) => socket.resetAndDestroy();
      expectHarmless(await fail(code === 'ERR_TOKEN_TIMEOUT' ? 60 : patient, source), code);
    });

    test.each([301, 302, 303, 307, 308])('by a redirect of status %d takes nothing elsewhere', async (status) => {
      server.fault = answer(status, { location: `${api.origin}/connect/token` });
      expectHarmless(await fail(patient), 'ERR_TOKEN_REQUEST');
    });

    test('and repeats the credentials of a client that uses the header, shows none of them', async () => {
      server.fault = (socket, request) =>
        answer(401, {}, JSON.stringify({ error: 'invalid_client', error_description: request }))(socket, request);
      expectHarmless(await fail(patient, { clientAuthentication: 'client_secret_basic' }), 'ERR_OAUTH_RESPONSE');
      expect(server.requests.at(-1)).toContain('authorization: Basic ');
    });

    test('by not being there', async () => {
      const gone = await FaultyServer.start();
      await gone.close();
      expectHarmless(await fail(patient, { tokenEndpoint: `${gone.origin}/token` }), 'ERR_TOKEN_REQUEST');
    });
  });
}
