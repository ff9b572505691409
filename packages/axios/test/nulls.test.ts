import { describe, expect, test } from '@jest/globals';
import { useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/axios';
import axios from 'axios';
import { axiosAdapter } from './driver.ts';

const options =
  `adapter allowAbsoluteUrls auth baseURL beforeRedirect bearerAuth cancelToken data env fetchOptions headers
  httpAgent lookup maxRedirects onUploadProgress params paramsSerializer proxy responseType signal socketPath timeout
  transformRequest transformResponse url validateStatus withCredentials`.split(/\s+/);

describe.each(['http', 'fetch'] as const)('null with axios over %s', (adapter) => {
  const world = useWorld(axiosAdapter(axios));

  test.each(options)('for %s is none, of a request as of an instance', async (name) => {
    const { origin } = world.api;
    const base = { baseURL: origin, adapter };
    const client = bearerAuth(axios.create(base), world.source());
    const url = name === 'baseURL' ? `${origin}/orders` : '/orders';
    const { status } = await client.request({ url, method: 'post', data: 'a', [name]: null });
    const nothing = bearerAuth(axios.create({ ...base, [name]: null }), world.source(), { origins: [origin] });
    const answer = await nothing.request({ method: 'post', data: 'a', url });
    expect([status, answer.status]).toEqual([200, 200]);
    expect(world.api.requests.map(({ authorization }) => authorization)).not.toContain(undefined);
  });

  test('as the signal of a request with a cancel token is none', async () => {
    const cancelToken = new axios.CancelToken(() => {});
    const client = bearerAuth(axios.create({ baseURL: world.api.origin, adapter }), world.source());
    expect(await client.get('/orders', { signal: null as never, cancelToken })).toMatchObject({ status: 200 });
  });
});
