import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test } from '@jest/globals';
import { unauthorized } from '@tokenline/adapter-tests';
import { useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/undici';
import type { Dispatcher } from 'undici';
import { useAgents } from './agents.ts';
import { newest, oldest } from './versions.ts';

describe.each([newest, oldest])('the asynchronous context of a request by $adapter.name', ({ adapter, undici }) => {
  const { Agent, interceptors, request } = undici;
  const world = useWorld(adapter);
  const open = useAgents();

  test.each(['an answer', 'an error'])('holds on a connection that another request opened: %s', async (kind) => {
    const { api } = world;
    const current = new AsyncLocalStorage<string>();
    const seen: string[] = [];
    const note = (what: string): void => void seen.push(`${what} of ${current.getStore()}`);
    const source = world.source({
      onEvent: ({ type }) => {
        if (type === 'replayed') note(type);
      },
      fetch: (url, init) => {
        note('token request');
        return fetch(url, init);
      },
    });
    const sees: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
      note('attempt');
      return dispatch(options, handler);
    };
    const agent = open(new Agent({ connections: 1 })).compose(
      ...(kind === 'an error' ? [interceptors.responseError()] : []),
      sees,
    );
    const dispatcher = bearerAuth(agent, source, { origins: [api.origin] });
    const get = (name: string): Promise<unknown> =>
      current.run(name, () => request(`${api.origin}/${name}`, { dispatcher }).then(({ body }) => body.dump()));
    await get('first');
    seen.length = 0;
    api.next(unauthorized());
    await get('second');
    expect(api.requests.map(({ connection }) => connection)).toEqual([1, 1, 1]);
    expect(seen).toEqual(['attempt of second', 'token request of second', 'replayed of second', 'attempt of second']);
  });
});
