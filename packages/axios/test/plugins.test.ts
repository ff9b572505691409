import { describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { unauthorized } from '@tokenline/adapter-tests';
import { useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/axios';
import axios, { type AxiosError, type AxiosInstance } from 'axios';
import { createAuthRefresh } from 'axios-auth-refresh';
import { buildKeyGenerator, setupCache } from 'axios-cache-interceptor';
import MockAdapter from 'axios-mock-adapter';
import axiosRetry from 'axios-retry';
import { axiosAdapter } from './driver.ts';

type Plugin = (client: AxiosInstance) => unknown;
const world = useWorld(axiosAdapter(axios));

/** An instance with a plugin and tokens, attached in either order. */
const attach = (order: 'before' | 'after', plugin: Plugin): AxiosInstance => {
  const client = axios.create({ baseURL: world.api.origin });
  if (order === 'before') plugin(client);
  bearerAuth(client, world.source({ scope: 'orders.read' }));
  if (order === 'after') plugin(client);
  return client;
};

describe.each(['before', 'after'] as const)('a plugin that is attached %s bearerAuth', (order) => {
  test('axios-retry sends again with a valid token, and does not count a 401', async () => {
    const { api, identity } = world;
    const counts: unknown[] = [];
    const onRetry = (count: number): unknown => counts.push(count);
    const client = attach(order, (each) => axiosRetry(each, { retries: 1, onRetry: (count) => void onRetry(count) }));
    api.next(unauthorized(), { status: 503 }, unauthorized());
    expect(await client.get('/orders')).toMatchObject({ status: 200 });
    expect(counts).toEqual([1]);
    expect([api.requests.length, identity.tokenRequests]).toEqual([4, 3]);
  });

  test('axios-auth-refresh sees only a 401 that another token does not put right', async () => {
    const { api } = world;
    const seen: unknown[] = [];
    const refresh = async (error: AxiosError): Promise<void> => void seen.push(error.status);
    const client = attach(order, (each) => createAuthRefresh(each as never, refresh));
    api.next(unauthorized());
    expect(await client.get('/orders')).toMatchObject({ status: 200 });
    expect(seen).toEqual([]);
    api.next(unauthorized(), unauthorized());
    expect(await client.get('/orders')).toMatchObject({ status: 200 });
    expect(seen).toEqual([401]);
  });

  test('axios-mock-adapter shows the token in its history, and nowhere else', async () => {
    let mock: MockAdapter | undefined;
    const client = attach(order, (each) => (mock = new MockAdapter(each as never)));
    mock!.onGet('/orders').replyOnce(401).onGet('/orders').replyOnce(200).onGet('/orders').reply(500);
    const response = await client.get('/orders');
    const error = await client.get('/orders').catch((caught: AxiosError) => caught);
    const sent = mock!.history['get'].map(({ headers }) =>
      String(headers?.['Authorization'] ?? headers?.['authorization']),
    );
    expect(sent).toEqual(Array(3).fill(expect.stringMatching(/^Bearer /)));
    expect(new Set(sent).size).toBe(2);
    for (const shown of [response, error]) {
      expect(inspect(shown, { depth: 8 })).not.toMatch(/bearer /i);
      expect(JSON.stringify((shown as AxiosError).config)).not.toMatch(/bearer /i);
    }
  });

  test('axios-cache-interceptor keeps the answers for each token apart where its key says so', async () => {
    const { api, identity } = world;
    const generateKey = buildKeyGenerator(({ method, baseURL, url, params, data, bearerAuth: token }) => ({
      method,
      url: `${baseURL}${url}`,
      params,
      data,
      token,
    }));
    const client = attach(order, (each) => setupCache(each, { generateKey }));
    api.next(unauthorized());
    const scopes: unknown[] = [];
    for (const other of [undefined, { scope: 'orders.write' }, undefined, { scope: 'orders.write' }]) {
      const { data } = await client.get<{ headers: { authorization: string } }>(
        '/orders',
        other && { bearerAuth: other },
      );
      scopes.push(identity.scopeOf(data.headers.authorization.slice(7)));
    }
    expect(scopes).toEqual(['orders.read', 'orders.write', 'orders.read', 'orders.write']);
    expect(api.requests).toHaveLength(3);
  });
});
