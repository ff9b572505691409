import { Agent } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { endless, redirect, unauthorized } from '@tokenline/adapter-tests';
import { useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/axios';
import axios, { type AxiosInstance } from 'axios';
import oldest from 'axios-oldest';
import { axiosAdapter } from './driver.ts';

type Found = (error: null, addresses: object[]) => void;
const lookUpLoopback = (_: string, __: object, done: Found): void => done(null, [{ address: '127.0.0.1', family: 4 }]);

describe('bearerAuth with axios over http alone', () => {
  const world = useWorld(axiosAdapter(axios));

  test('a redirect to a subdomain loses the token, and the user’s own beforeRedirect is called', async () => {
    const { api } = world;
    const httpAgent = new Agent({ lookup: lookUpLoopback } as object);
    const origin = api.origin.replace('127.0.0.1', 'localhost');
    let hops = 0;
    const beforeRedirect = (): void => {
      hops++;
    };
    const client = bearerAuth(axios.create({ baseURL: origin, httpAgent, beforeRedirect }), world.source());
    api.next(redirect(`${origin.replace('localhost', 'files.localhost')}/landing`), {});
    await client.get('/orders');
    expect(api.requests).toMatchObject([{ url: '/orders' }, { url: '/landing', authorization: undefined }]);
    expect(hops).toBe(1);
  });

  test('an upload without an end is not collected where redirects are off', async () => {
    const upload = Readable.from(endless());
    world.api.next(unauthorized(undefined, { early: true }));
    const client = bearerAuth(axios.create({ baseURL: world.api.origin, maxRedirects: 0 }), world.source());
    await expect(client.post('/orders', upload)).rejects.toMatchObject({ status: 401 });
    upload.destroy();
  });

  test('an instance of another copy of axios works too', async () => {
    const client = oldest.create({ baseURL: world.api.origin }) as unknown as AxiosInstance;
    world.api.next(unauthorized());
    const { status, headers } = await bearerAuth(client, world.source()).get('/orders');
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'application/json' });
  });
});
