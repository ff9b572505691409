import { describe, expect, test } from '@jest/globals';
import { redirect } from '@tokenline/adapter-tests';
import { useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth, proofKey } from '@tokenline/axios';
import axios, { type AxiosError } from 'axios';
import { axiosAdapter } from './driver.ts';

describe.each(['http', 'fetch'] as const)('a bound token with axios over %s', (adapter) => {
  const world = useWorld(axiosAdapter(axios));
  const attach = (options: object = {}): typeof axios => {
    const client = axios.create({ baseURL: world.api.origin, adapter, ...options });
    return bearerAuth(client, world.source({ dpop: proofKey() })) as typeof axios;
  };

  test('goes to a redirect elsewhere without token and proof', async () => {
    const { api, foreign } = world;
    world.guard();
    api.next(redirect(`${foreign.origin}/landing`));
    foreign.next({});
    expect(await attach().get('/orders')).toMatchObject({ status: 200, config: { url: '/orders' } });
    expect(foreign.requests).toHaveLength(1);
    for (const { headers } of foreign.requests) {
      for (const name of ['authorization', 'dpop']) expect(headers).not.toHaveProperty(name);
    }
  });

  test('leaves the fetchOptions of the caller as they were', async () => {
    world.guard();
    const fetchOptions = { redirect: 'follow' as const };
    const { config } = await attach({ fetchOptions }).get('/orders');
    expect(config.fetchOptions).toEqual(fetchOptions);
    expect((await attach().get('/orders')).config).not.toHaveProperty('fetchOptions');
  });

  test.each([{ status: 404 }, { broken: true }])(
    'a config that failed by %j is sent again with a new proof',
    async (answer) => {
      const { api } = world;
      const guard = world.guard();
      const client = attach();
      api.next(answer);
      const { config } = await client.get('/orders').catch((error: AxiosError) => error as Required<AxiosError>);
      expect(JSON.stringify(config)).not.toMatch(/dpop|eyJ/i);
      expect(await client.request(config)).toMatchObject({ status: 200 });
      expect(guard.accepted).toHaveLength(1);
      expect(new Set(api.requests.map(({ headers }) => headers['dpop'])).size).toBe(2);
    },
  );
});
