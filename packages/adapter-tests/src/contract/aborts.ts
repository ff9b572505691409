import { describe, expect, test } from '@jest/globals';
import { unauthorized } from '../answer.ts';
import { until, type World } from '../world.ts';

/** What a signal ends. */
export function aborts(world: World): void {
  const isAborted = async (request: Promise<unknown>, reason: unknown): Promise<void> => {
    const error: unknown = await request.catch((caught: unknown) => caught);
    expect(world.adapter.isAbort(error, reason) || error).toBe(true);
  };

  describe('a request that is aborted', () => {
    test('before it began is not sent, and asks for no token', async () => {
      const { api, identity } = world;
      const reason = new Error('changed my mind');
      await isAborted(world.client().request({ url: '/orders', signal: AbortSignal.abort(reason) }), reason);
      expect(api.requests).toEqual([]);
      expect(identity.tokenRequests).toBe(0);
    });

    test('while it waits for its token is not sent', async () => {
      const { api, identity } = world;
      identity.fail('hanging');
      const controller = new AbortController();
      const reason = new Error('changed my mind');
      const request = world.client().request({ url: '/orders', signal: controller.signal });
      await Promise.all([
        isAborted(request, reason),
        until(() => identity.tokenRequests === 1, 'a token was asked for').then(() => controller.abort(reason)),
      ]);
      expect(api.requests).toEqual([]);
    });

    test('while another waits for the same token ends alone', async () => {
      const { api, identity } = world;
      identity.fail('hanging');
      const controller = new AbortController();
      const client = world.client();
      const other = client.request({ url: '/other' });
      const request = client.request({ url: '/orders', signal: controller.signal });
      await until(() => identity.tokenRequests === 1, 'a token was asked for');
      controller.abort();
      await isAborted(request, controller.signal.reason);
      identity.recover();
      expect(await other).toMatchObject({ status: 200 });
      expect(api.requests).toMatchObject([{ url: '/other' }]);
      expect(identity.tokenRequests).toBe(1);
    });

    test('while its token is renewed is not sent again', async () => {
      const { api, identity } = world;
      const client = world.client();
      await client.request({ url: '/orders' });
      identity.fail('hanging');
      api.next(unauthorized());
      const controller = new AbortController();
      const reason = new Error('changed my mind');
      const request = client.request({ url: '/orders', signal: controller.signal });
      await Promise.all([
        isAborted(request, reason),
        until(() => identity.tokenRequests === 2, 'a token was asked for').then(() => controller.abort(reason)),
      ]);
      identity.recover();
      expect(api.requests).toHaveLength(2);
    });

    test('while it is replayed ends at once', async () => {
      const { api } = world;
      api.next(unauthorized(), { after: new Promise(() => {}) });
      const controller = new AbortController();
      const reason = new Error('changed my mind');
      const request = world.client().request({ url: '/orders', signal: controller.signal });
      await Promise.all([
        isAborted(request, reason),
        until(() => api.requests.length === 2, 'it was sent again').then(() => controller.abort(reason)),
      ]);
    });
  });
}
