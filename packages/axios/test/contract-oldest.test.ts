import { describe, expect, jest, test } from '@jest/globals';
import { describeAdapter, describeRedirects, useWorld } from '@tokenline/adapter-tests/suite';
import type current from 'axios';
import * as oldest from 'axios-oldest';

const axios = oldest.default as unknown as typeof current;

// `@tokenline/axios` must find the axios that its user has installed, so it is loaded after this.
jest.unstable_mockModule('axios', () => ({ ...oldest }));
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
});
