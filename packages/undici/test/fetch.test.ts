import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { redirect, unauthorized } from '@tokenline/adapter-tests';
import { useWorld } from '@tokenline/adapter-tests/suite';
import { bearerAuth, type TokenSource } from '@tokenline/undici';
import type * as undici from 'undici';
import { newest, oldest } from './versions.ts';

/** Runs a script with the node of this test, without the options that jest needs. */
async function run(script: string, ...parameters: string[]): Promise<Record<string, unknown>> {
  const path = fileURLToPath(new URL(`children/${script}`, import.meta.url));
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout } = await promisify(execFile)(process.execPath, [path, ...parameters], { env });
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe.each([newest, oldest])('bearerAuth under the fetch of $name', ({ name, adapter, undici: library }) => {
  const { Agent, fetch, getGlobalDispatcher, setGlobalDispatcher } = library;
  const world = useWorld(adapter);
  const before = getGlobalDispatcher();
  let agent: undici.Agent;
  const install = (source: TokenSource, origins: string[]): void => {
    agent = new Agent();
    setGlobalDispatcher(bearerAuth(agent, source, { origins }));
  };

  afterEach(async () => {
    setGlobalDispatcher(before);
    await agent?.destroy();
  });

  test('carries the token, and answers a 401', async () => {
    const { api } = world;
    install(world.source(), [api.origin]);
    api.next(unauthorized());
    expect(await fetch(`${api.origin}/orders`)).toMatchObject({ status: 200 });
    expect(api.requests).toHaveLength(2);
  });

  test('hands a 401 to a body over, and the next request has a new token', async () => {
    const { api, identity } = world;
    install(world.source(), [api.origin]);
    api.next(unauthorized());
    expect(await fetch(`${api.origin}/orders`, { method: 'POST', body: 'abc' })).toMatchObject({ status: 401 });
    expect(await fetch(`${api.origin}/orders`, { method: 'POST', body: 'abc' })).toMatchObject({ status: 200 });
    expect(api.requests.map(({ body }) => body.toString())).toEqual(['abc', 'abc']);
    expect(identity.tokenRequests).toBe(2);
  });

  test('a redirect elsewhere loses the token', async () => {
    const { api, foreign, identity } = world;
    install(world.source(), [api.origin]);
    api.next(redirect(`${foreign.origin}/landing`));
    expect(await fetch(`${api.origin}/orders`)).toMatchObject({ status: 401 });
    expect(foreign.requests).toMatchObject([{ authorization: undefined }]);
    expect(identity.tokenRequests).toBe(1);
  });

  test('the token call does not wait for itself, even where API and identity server share an origin', async () => {
    const { api, identity } = world;
    const source = world.source({ fetch: fetch as unknown as typeof globalThis.fetch });
    install(source, [api.origin, identity.issuer]);
    expect(await fetch(`${api.origin}/orders`)).toMatchObject({ status: 200 });
    expect(identity.tokenRequests).toBe(1);
  });

  test('does so under the fetch of Node as well', async () => {
    const seen = await run('node-fetch.ts', name);
    expect(seen).toEqual({ statuses: [200, 401], tokenRequests: 2, calls: 3, tokensElsewhere: 0 });
  });

  test('given to the fetch of Node, does as the dispatcher does without a token', async () => {
    const { plain, attached } = await run('node-dispatcher.ts', name);
    expect(attached).toEqual(plain);
  });

  test.each([newest, oldest])('given to the fetch of $name, does as it does without a token', async (other) => {
    const { api } = world;
    api.refuse = () => undefined;
    const outcome = async (dispatcher: undici.Dispatcher): Promise<unknown> => {
      try {
        return (await other.undici.fetch(`${api.origin}/orders`, { dispatcher })).status;
      } catch (error) {
        return String((error as Error).cause);
      }
    };
    agent = new Agent();
    const attached = bearerAuth(agent, world.source(), { origins: [api.origin] });
    const elsewhere = bearerAuth(agent, world.source(), { origins: ['https://api.example.com'] });
    const plain = await outcome(agent);
    expect([await outcome(attached), await outcome(elsewhere)]).toEqual([plain, plain]);
  });
});
