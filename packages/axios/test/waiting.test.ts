import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { sourceOf, until, useWorld } from '@tokenline/adapter-tests/suite';
import { type AnyToken, bearerAuth, type TokenSource } from '@tokenline/axios';
import axios, { type AxiosAdapter, type AxiosError, type AxiosInstance, type AxiosRequestConfig } from 'axios';
import oldest from 'axios-oldest';
import { axiosAdapter } from './driver.ts';

const versions = [axios, oldest as unknown as typeof axios];
const cases = versions.flatMap((each) =>
  (['http', 'fetch'] as const).map((over) => ({ each, over, name: each.VERSION })),
);

/** A source that heeds no signal. */
const deaf = (token: Promise<AnyToken>): TokenSource => ({ getToken: () => token });

const endings: [string, () => { config: AxiosRequestConfig; end: () => void }][] = [
  [
    'its signal',
    () => {
      const controller = new AbortController();
      return { config: { signal: controller.signal }, end: () => controller.abort() };
    },
  ],
  [
    'its cancel token',
    () => {
      const { token, cancel } = axios.CancelToken.source();
      return { config: { cancelToken: token }, end: () => cancel('enough') };
    },
  ],
];

describe.each(cases)('a request of axios $name over $over', ({ each, over }) => {
  const world = useWorld(axiosAdapter(axios));
  const attach = (source: TokenSource): AxiosInstance =>
    bearerAuth(each.create({ baseURL: world.api.origin, adapter: over }), source);

  test.each(endings)(
    'that is ended by %s in the tick of its token, or while its source heeds no signal, is not sent',
    async (_, make) => {
      const cached = sourceOf('a');
      const { config, end } = make();
      const atOnce = attach(cached).get('/orders', config);
      end();
      await expect(atOnce).rejects.toMatchObject({ code: 'ERR_CANCELED' });

      const later = make();
      const token = new Promise<void>((resolve) => {
        setImmediate(() => {
          later.end();
          resolve();
        });
      });
      const waiting = attach(deaf(token.then(() => cached.getToken()))).get('/orders', later.config);
      await expect(waiting).rejects.toMatchObject({ code: 'ERR_CANCELED' });
      expect(world.api.requests).toEqual([]);
    },
  );

  test('leaves no stream open when it is aborted, or gets no token', async () => {
    const controller = new AbortController();
    const streams = [1, 2].map(() => Readable.from(['a']));
    const aborted = attach(sourceOf('a')).post('/orders', streams[0], { signal: controller.signal });
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'ERR_CANCELED' });
    const failing = deaf(Promise.reject(new Error('no token')));
    await expect(attach(failing).post('/orders', streams[1])).rejects.toThrow('no token');
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([true, true]);
    expect(world.api.requests).toEqual([]);
  });
});

/** An instance with an adapter that tells when it sends. */
function telling(sends: () => void): AxiosInstance {
  const adapter: AxiosAdapter = async (config) => {
    sends();
    return { status: 200, statusText: '', headers: {}, data: '', config };
  };
  return bearerAuth(axios.create({ baseURL: 'https://api.example.com', adapter }), sourceOf('a'));
}

describe('a request by an adapter of the user’s own', () => {
  test.each(endings)('is not sent once %s has ended it, at whatever moment', async (_, make) => {
    let [ended, late] = [false, false];
    const client = telling(() => {
      late ||= ended;
    });
    for (let moment = 0; moment < 30; moment++) {
      const { config, end } = make();
      ended = false;
      const request = client.get('/orders', config).catch((error: AxiosError) => error);
      for (let tick = 0; tick < moment; tick++) await Promise.resolve();
      ended = true;
      end();
      await request;
    }
    expect(late).toBe(false);
  });

  test('leaves nothing at a cancel token that outlives it', async () => {
    const listeners = new Set<unknown>();
    const { token: cancelToken } = axios.CancelToken.source();
    Object.assign(cancelToken, {
      subscribe: (listener: unknown) => listeners.add(listener),
      unsubscribe: (listener: unknown) => listeners.delete(listener),
    });
    const seen: number[] = [];
    await telling(() => seen.push(listeners.size)).get('/orders', { cancelToken });
    expect([...seen, listeners.size]).toEqual([1, 0]);
  });
});

describe('an upload whose 401 a fetch makes an error of', () => {
  const world = useWorld(axiosAdapter(axios));

  test('renews the token for the next request', async () => {
    const { fetch } = await import('undici-7.24');
    const env = { fetch, Request: null, Response: null } as never;
    const client = bearerAuth(axios.create({ baseURL: world.api.origin, adapter: 'fetch', env }), world.source());
    await client.get('/orders');
    world.identity.revokeAll();
    await expect(client.post('/orders', Readable.from(['a']))).rejects.toMatchObject({ code: 'ERR_NETWORK' });
    await until(() => world.identity.tokenRequests === 2, 'the token was renewed');
    expect(await client.get('/orders')).toMatchObject({ status: 200 });
    expect(world.identity.tokenRequests).toBe(2);
  });
});
