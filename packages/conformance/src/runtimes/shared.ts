import { ask, minute, World } from '../script/world.ts';
import type { SharedAnswer, SharedRequest } from '../script/entries/shared-worker.ts';
import { expectEqual, expectTrue } from '../script/expect.ts';
import type { Result, WorldDescription } from '../servers/protocol.ts';
import type { Stage } from './runtime.ts';
import type { Dispatch } from './worker.ts';

const timeout = 3_000;
const many = 100;
const outliving = 'a renewal outlives the request that started it';

/** A source in module scope, and the requests that share it. */
class Shared {
  readonly world: World;
  readonly #dispatch: Dispatch;

  constructor(world: World, dispatch: Dispatch) {
    this.world = world;
    this.#dispatch = dispatch;
  }

  async ask(request: SharedRequest, signal: AbortSignal = AbortSignal.timeout(30_000)): Promise<SharedAnswer> {
    const response = await this.#dispatch('/', { method: 'POST', body: JSON.stringify(request), signal });
    if (!response.ok) return { error: `status ${response.status}: ${(await response.text()).slice(0, 200)}` };
    return (await response.json()) as SharedAnswer;
  }

  /** Begins many requests at once. */
  begin(get: 'token' | 'orders' = 'token'): Promise<SharedAnswer[]> {
    return Promise.all(Array.from({ length: many }, () => this.ask({ get }).catch(failed)));
  }

  /** Many requests at once, all of which must succeed. */
  async askMany(get?: 'token' | 'orders'): Promise<void> {
    expectSuccess(await this.begin(get));
  }

  /** The current token gets this much older. */
  async advance(milliseconds: number): Promise<void> {
    await this.ask({ advance: milliseconds });
  }

  async untilRequested(count: number): Promise<void> {
    await this.world.until(`${count} tokens are requested`, ({ tokenRequests }) => tokenRequests >= count);
  }
}

function failed(error: unknown): SharedAnswer {
  return { error: String(error) };
}

function expectSuccess(answers: readonly SharedAnswer[]): void {
  const errors = answers.flatMap(({ error }) => error ?? []);
  expectEqual([...new Set(errors)], [], `the failures of ${errors.length} of ${answers.length} requests`);
}

const scenarios: Readonly<Record<string, (shared: Shared) => Promise<void>>> = {
  async 'requests that need the first token together'(shared) {
    await shared.askMany();
    expectEqual((await shared.world.look()).tokenRequests, 1, 'token requests');
  },
  async 'requests that are refused together'(shared) {
    await shared.askMany('orders');
    await shared.world.change({ revokeAll: true });
    await shared.askMany('orders');
    expectEqual((await shared.world.look()).tokenRequests, 2, 'token requests');
  },
  async [outliving](shared) {
    const { got } = await shared.ask({ get: 'token' });
    await shared.world.change({ outage: 'hanging' });
    await shared.advance(57 * minute);
    expectEqual((await shared.ask({ get: 'token' })).got, got, 'the ageing token');
    await shared.untilRequested(2);
    await shared.world.change({ outage: 'none' });
    let next = got;
    for (let attempt = 0; attempt < 80 && next === got; attempt++) next = (await shared.ask({ get: 'token' })).got;
    expectTrue(next !== got && next !== undefined, 'a new token');
    expectEqual((await shared.world.look()).tokenRequests, 2, 'token requests');
  },
  async 'a renewal whose request has ended is replaced'(shared) {
    await shared.ask({ get: 'token' });
    await shared.world.change({ outage: 'hanging' });
    await shared.advance(57 * minute);
    await shared.ask({ get: 'token' });
    await shared.advance(4 * minute);
    await shared.world.change({ outage: 'none' });
    await shared.askMany();
  },
  async 'requests that wait for a renewal whose request has ended'(shared) {
    await shared.ask({ get: 'token' });
    await shared.world.change({ outage: 'hanging' });
    await shared.advance(60 * minute - 1_000);
    await shared.ask({ get: 'token' });
    // The token has expired, but the renewal is young.
    await shared.advance(1_000);
    const waiting = shared.begin();
    await new Promise((resolve) => setTimeout(resolve, timeout / 10));
    await shared.world.change({ outage: 'none' });
    expectSuccess(await waiting);
  },
  async 'the request that started it leaves by its own signal'(shared) {
    await shared.world.change({ outage: 'hanging' });
    const first = shared.ask({ get: 'token', leave: timeout / 5 });
    await shared.untilRequested(1);
    const waiting = shared.begin();
    expectTrue((await first).error !== undefined, 'the first request has left');
    await shared.world.change({ outage: 'none' });
    expectSuccess(await waiting);
  },
  async 'the request that started it is cut off'(shared) {
    await shared.world.change({ outage: 'hanging' });
    const controller = new AbortController();
    const first = shared.ask({ get: 'token' }, controller.signal).catch(() => {});
    await shared.untilRequested(1);
    const waiting = shared.begin();
    await new Promise((resolve) => setTimeout(resolve, timeout / 10));
    controller.abort();
    await first;
    await shared.world.change({ outage: 'none' });
    expectSuccess(await waiting);
    await shared.advance(61 * minute);
    await shared.askMany();
  },
  async 'an outage that requests wait through'(shared) {
    await shared.world.change({ outage: 'unavailable' });
    const waiting = shared.begin();
    await shared.untilRequested(2);
    await shared.world.change({ outage: 'none' });
    expectSuccess(await waiting);
  },
};

/** How a source gets to know how to outlive a request: it finds out by itself, it is told, or it never does. */
export type WaitUntil = 'found' | 'given' | 'none';

/** Runs the scenarios of a source in module scope. */
export async function runScenarios(stage: Stage, dispatch: Dispatch, waitUntil: WaitUntil): Promise<Result[]> {
  const results: Result[] = [];
  for (const [title, scenario] of Object.entries(scenarios)) {
    if (waitUntil === 'none' && title === outliving) continue;
    const result = { about: 'core', name: `in module scope, waitUntil ${waitUntil}: ${title}` };
    const servers = (await ask('POST', `${stage.control}/worlds`)) as WorldDescription;
    const shared = new Shared(World.join(servers), dispatch);
    try {
      const { error } = await shared.ask({ open: { servers, timeout, waitUntil: waitUntil === 'given' } });
      expectEqual(error, undefined, 'the failure of the source');
      await scenario(shared);
      results.push({ ...result, outcome: 'passed' });
    } catch (error) {
      results.push({ ...result, outcome: 'failed', reason: String(error).slice(0, 600) });
    } finally {
      await shared.world.close();
    }
  }
  return results;
}
