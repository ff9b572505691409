import { describe, expect, test } from '@jest/globals';
import { redirect, unauthorized } from '@tokenline/adapter-tests';
import { until, useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/fetch';
import { nodeFetch } from './driver.ts';

describe('the options of a request', () => {
  const world = useWorld(nodeFetch);
  const wrap = (origins: readonly string[] = []): typeof fetch =>
    bearerAuth(fetch, world.source(), { origins: [world.api.origin, ...origins] });

  test('may be a Request', async () => {
    const { api, foreign } = world;
    const send = wrap();
    const headers = { 'x-trace': 'a' };
    const request = new Request(`${foreign.origin}/elsewhere`, { method: 'PUT', body: 'a;b', headers });
    expect(await send(`${api.origin}/orders`, request)).toMatchObject({ status: 200 });
    expect(api.requests).toMatchObject([{ method: 'PUT', url: '/orders', headers }]);
    expect(api.requests[0]?.body.toString()).toBe('a;b');
    foreign.next({});
    await send(`${foreign.origin}/orders`, new Request(`${api.origin}/elsewhere`, { method: 'DELETE' }));
    expect(foreign.requests).toMatchObject([{ method: 'DELETE', url: '/orders', authorization: undefined }]);
  });

  test('are those of no Request for what has a url, and goes elsewhere', async () => {
    const { api, foreign } = world;
    const send = wrap();
    const url = new URL(`${foreign.origin}/orders`);
    const things: unknown[] = [
      Object.assign(url, { url: `${api.origin}/orders` }),
      { url: `${api.origin}/orders`, toString: () => url.href },
      Object.assign([url.href], { url: `${api.origin}/orders` }),
    ];
    for (const thing of things) expect(await send(thing as URL)).toMatchObject({ status: 401 });
    expect(api.requests).toEqual([]);
    expect(foreign.requests).toMatchObject(things.map(() => ({ authorization: undefined })));
  });

  test('are those of a Request that has gained an href', async () => {
    const { api } = world;
    const request = new Request(`${api.origin}/orders`, { method: 'PUT' });
    expect(await wrap()(Object.assign(request, { href: world.foreign.origin }))).toMatchObject({ status: 200 });
    expect(api.requests).toMatchObject([{ method: 'PUT', url: '/orders' }]);
  });

  test('and the headers of a Request are those of the call', async () => {
    const { api } = world;
    const request = new Request(`${api.origin}/orders`, { headers: { 'x-trace': 'a' } });
    const answer = wrap()(request);
    request.headers.set('x-trace', 'b');
    await answer;
    expect(api.requests).toMatchObject([{ headers: { 'x-trace': 'a' } }]);
  });

  test('take the signal off a Request', async () => {
    const request = new Request(`${world.api.origin}/orders`, { signal: AbortSignal.abort() });
    expect(await wrap()(request, { signal: null })).toMatchObject({ status: 200 });
  });

  test('take the body off a Request, for the second time too', async () => {
    const { api } = world;
    api.next(unauthorized());
    const request = new Request(`${api.origin}/orders`, { method: 'POST', body: 'a;b' });
    expect(await wrap()(request, { body: '' })).toMatchObject({ status: 200 });
    expect(api.requests.map(({ body }) => body.toString())).toEqual(['', '']);
  });

  test('that are undefined leave to a Request what it has, along redirects too', async () => {
    const { api } = world;
    const controller = new AbortController();
    const request = new Request(`${api.origin}/orders`, { signal: controller.signal });
    api.next(redirect('/landing'), { after: new Promise(() => {}) });
    const answer = wrap([world.foreign.origin])(request, { signal: undefined } as never);
    await until(() => api.requests.length === 2, 'the redirect was followed');
    controller.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
  });
});
