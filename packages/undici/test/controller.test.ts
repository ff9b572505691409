import { describe, expect, test } from '@jest/globals';
import { unauthorized } from '@tokenline/adapter-tests';
import { sourceOf, useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/undici';
import type { Dispatcher } from 'undici';
import { useAgents } from './agents.ts';
import { newest, oldest } from './versions.ts';

type Controller = Dispatcher.DispatchController;

/** What a controller says, at every event of a request that a handler lets wait for a moment. */
async function record(dispatcher: Dispatcher, origin: string): Promise<unknown[]> {
  const seen: unknown[] = [];
  const note = (event: string, { paused, aborted, reason, rawHeaders }: Controller): void => {
    seen.push({ event, paused, aborted, reason, headers: namesIn(rawHeaders) });
  };
  const end = new Error('enough');
  await new Promise<void>((resolve) => {
    dispatcher.dispatch(
      { origin, path: '/orders', method: 'GET' },
      {
        onRequestStart: (controller) => note('begins', controller),
        onResponseStart(controller) {
          note('is answered', controller);
          controller.pause();
          note('waits', controller);
          setImmediate(() => controller.resume());
        },
        onResponseData(controller) {
          note('has data', controller);
          controller.abort(end);
        },
        onResponseEnd() {},
        onResponseError(controller, error) {
          note(error === end ? 'is aborted' : 'fails', controller);
          resolve();
        },
      },
    );
  });
  return seen;
}

/** The names in what undici received as a flat list. */
function namesIn(raw: unknown): string[] | undefined {
  return (raw as Buffer[] | null | undefined)?.filter((_, index) => index % 2 === 0).map(String);
}

describe.each([newest, oldest])('the controller of a request to $adapter.name', ({ adapter, undici: { Agent } }) => {
  const world = useWorld(adapter);
  const open = useAgents();

  test.each([
    ['an answer', {}],
    ['a refusal that is final', unauthorized('Basic')],
    ['a refusal for which there is no other token', unauthorized('Bearer')],
  ])('says of %s what it says without a token', async (_, answer) => {
    const { api } = world;
    api.respond = () => ({ body: 'abc', ...answer });
    const plain = await record(open(new Agent()), api.origin);
    expect(plain.map((entry) => (entry as { event: string }).event)).toEqual([
      'begins',
      'is answered',
      'waits',
      'has data',
      'is aborted',
    ]);
    const attached = bearerAuth(open(new Agent()), sourceOf('only'), { origins: [api.origin] });
    expect(await record(attached, api.origin)).toEqual(plain);
  });

  test('takes headers and trailers in place of those that arrived', async () => {
    const { api } = world;
    const dispatcher = bearerAuth(open(new Agent()), sourceOf('only'), { origins: [api.origin] });
    const given = [Buffer.from('x-trace'), Buffer.from('a')];
    const read = await new Promise((resolve) => {
      dispatcher.dispatch(
        { origin: api.origin, path: '/orders', method: 'GET' },
        {
          onRequestStart() {},
          onResponseStart: (controller) => void Object.assign(controller, { rawHeaders: given }),
          onResponseData() {},
          onResponseEnd(controller) {
            Object.assign(controller, { rawTrailers: given });
            resolve([controller.rawHeaders, controller.rawTrailers]);
          },
          onResponseError: (_, error) => resolve(error),
        },
      );
    });
    expect(read).toEqual([given, given]);
  });
});
