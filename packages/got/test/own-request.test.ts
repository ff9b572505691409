import { expect, test } from '@jest/globals';
import { sourceOf } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/got';
import { startApi } from './api.ts';
import { newest, oldest } from './versions.ts';

test.each([newest, oldest])(
  '$adapter.name with a request function of the user that returns nothing leaves the request to Node',
  async ({ got }) => {
    const { origin: prefixUrl, requests } = await startApi();
    const client = got.extend({ prefixUrl, retry: { limit: 0 }, request: () => undefined });
    expect(await bearerAuth(client, sourceOf('a'))('orders')).toMatchObject({ statusCode: 200 });
    expect(requests).toHaveLength(1);
  },
);
