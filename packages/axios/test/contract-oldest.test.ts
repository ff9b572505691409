import { describe, expect, jest, test } from '@jest/globals';
import { redirect } from '@tokenline/adapter-tests';
import { describeAdapter, describeRedirects, useWorld } from '@tokenline/adapter-tests/suite';
import type current from 'axios';
import * as oldest from 'axios-oldest';

const axios = oldest.default as unknown as typeof current;

// `@tokenline/axios` must find the axios that its user has installed, so it is loaded after this.
jest.unstable_mockModule('axios', () => ({ ...oldest }));
const { bearerAuth } = await import('@tokenline/axios');
const { axiosAdapter } = await import('./driver.ts');
const { fetchLike } = await import('./fetch-like.ts');

const overFetch = axiosAdapter(axios, 'fetch');
describeAdapter(axiosAdapter(axios));
describeAdapter(overFetch);
describeRedirects({
  name: overFetch.name,
  adapter: overFetch,
  attach: (...given) => fetchLike(axios, ...given),
});

describe('the adapter', () => {
  const adapter = axiosAdapter(axios);
  const world = useWorld(adapter);

  test('sends by the copy of axios that its user has installed', async () => {
    await world.client().request({ url: '/orders' });
    expect(world.api.requests).toMatchObject([{ headers: { 'user-agent': 'axios/1.7.0' } }]);
  });

  test('judges the redirects that its fetch follows although maxRedirects forbids that', async () => {
    const { api, foreign } = world;
    const client = axios.create({ baseURL: api.origin, adapter: 'fetch', maxRedirects: 0 });
    api.next(redirect(`${foreign.origin}/landing`));
    await bearerAuth(client, world.source(), { origins: [foreign.origin] }).get('/orders');
    expect(foreign.requests).toMatchObject([{ authorization: expect.stringMatching(/^Bearer /) }]);
  });
});
