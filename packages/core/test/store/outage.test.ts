import { describe, expect, test } from '@jest/globals';
import { MemoryStore } from '@tokenline/adapter-tests/store';
import type { TestClock } from '@tokenline/testing';
import { Events } from '../../src/common/events.ts';
import { TokenError } from '../../src/common/errors.ts';
import { Outage } from '../../src/fleet/outage.ts';
import { StoreEntry } from '../../src/fleet/store-entry.ts';
import { minute, second, timedClock } from '../test-clock.ts';

const key = 'outage';
const { signal } = new AbortController();
const gone = new TokenError('ERR_TOKEN_REQUEST', 'the endpoint is gone', { transient: true });

/** Processes that share a store, and what they know of an outage. */
class Processes {
  readonly clock: TestClock = timedClock();
  readonly store: MemoryStore = new MemoryStore({ now: this.clock.now });
  random = 0;

  process(name: string): Outage {
    const context = {
      clock: this.clock,
      random: () => this.random,
      events: new Events(this.clock, {}, undefined),
      timeout: 10_000,
    };
    const wanted = { scope: undefined, key: Promise.resolve(key), prover: undefined };
    return new Outage(context, new StoreEntry(context, this.store, wanted), name);
  }

  /** A request of that process fails. */
  async fail(name: string, error: unknown = gone): Promise<void> {
    await this.process(name)
      .observe(() => Promise.reject(error), signal)
      .catch(() => {});
  }

  /** How long nobody is to ask, in milliseconds. */
  async wait(): Promise<number> {
    return (await this.process('somebody').held(signal))?.wait ?? 0;
  }

  /** What is in the store. */
  get report(): Record<string, unknown> {
    return JSON.parse(this.store.values.get(key)?.text ?? '{}') as Record<string, unknown>;
  }

  put(report: object, lifetime: number = 5 * minute): Promise<void> {
    return this.store.set(key, JSON.stringify(report), lifetime);
  }
}

/** A fleet in which three processes have just failed. */
async function failing(): Promise<Processes> {
  const processes = new Processes();
  for (const name of ['one', 'two', 'three']) await processes.fail(name);
  return processes;
}

describe('an outage', () => {
  test('is believed when three processes say so, and not before', async () => {
    const processes = new Processes();
    for (const name of ['one', 'two', 'two', 'one']) await processes.fail(name);
    expect(await processes.wait()).toBe(0);
    await processes.fail('three');
    expect(await processes.wait()).toBe(250);
  });

  test('is told to callers with the time of the last report', async () => {
    const hold = await (await failing()).process('four').held(signal);
    expect(hold?.error).toMatchObject({ code: 'ERR_TOKEN_REQUEST', transient: true, retryAfter: 250 });
    expect(hold?.error.message).toBe(
      'other processes report that they get no token either, the last one at 2026-11-23T12:00:00.000Z',
    );
  });

  test('ends for each process a little later than for the others', async () => {
    const processes = await failing();
    processes.random = 0.5;
    expect(await processes.wait()).toBe(275);
  });

  test('makes the fleet wait as one process would: the waits grow', async () => {
    const processes = await failing();
    const waits: number[] = [];
    for (let round = 0; round < 6; round++) {
      const wait = await processes.wait();
      waits.push(Math.round(wait / 10) * 10);
      // The store counts whole milliseconds.
      processes.clock.advance(wait + 1);
      expect(await processes.wait()).toBe(0);
      await processes.fail(`number ${round}`);
    }
    expect(waits).toEqual([250, 500, 1_000, 1_650, 1_650, 1_690]);
  });

  test('is one failure where requests that were under way together fail', async () => {
    const processes = await failing();
    processes.clock.advance(100);
    for (const name of ['four', 'five', 'six']) await processes.fail(name);
    expect(await processes.wait()).toBe(150);
    expect(processes.report).toMatchObject({ reporters: ['one', 'two', 'three'], failures: 1 });
  });

  test('lasts as long as the server asks to wait', async () => {
    const processes = await failing();
    processes.clock.advance(second);
    await processes.fail('four', new TokenError('ERR_TOKEN_REQUEST', 'busy', { transient: true, retryAfter: 7_000 }));
    expect(await processes.wait()).toBe(7_000);
  });

  test('ends with a token', async () => {
    const processes = await failing();
    const one = processes.process('one');
    await one.held(signal);
    one.over();
    processes.clock.advance(1);
    expect(await processes.wait()).toBe(0);
    await processes.fail('four');
    expect(await processes.wait()).toBe(0);
  });

  test('ends with any answer of the server, whatever that says', async () => {
    const processes = await failing();
    const one = processes.process('one');
    await one.held(signal);
    const left = new DOMException('aborted', 'AbortError');
    await expect(one.observe(() => Promise.reject(left), signal)).rejects.toBe(left);
    expect(await processes.wait()).toBe(250);
    const refused = new TokenError('ERR_OAUTH_RESPONSE', 'invalid_client');
    await expect(one.observe(() => Promise.reject(refused), signal)).rejects.toBe(refused);
    expect(await processes.wait()).toBe(0);
  });

  test('is over once, for the process that reported it or has heard of it', async () => {
    const processes = new Processes();
    const [one, two] = [processes.process('one'), processes.process('two')];
    const writes = (): number => processes.store.calls.filter((call) => call === 'set').length;
    await two.held(signal);
    await one.observe(() => Promise.reject(gone), signal).catch(() => {});
    two.over();
    await two.held(signal);
    expect(writes()).toBe(1);
    for (const process of [one, one, two, two]) process.over();
    await one.held(signal);
    expect(writes()).toBe(3);
    expect(processes.store.values.get(key)?.text).toBe('');
  });

  test('keeps nobody who leaves', async () => {
    const processes = new Processes();
    processes.store.fault = () => new Promise(() => {});
    const failed = processes.process('one').observe(() => Promise.reject(gone), AbortSignal.abort());
    await expect(failed).rejects.toBe(gone);
  });

  test('is not suspected of a request that had its answer', async () => {
    const processes = new Processes();
    expect(await processes.process('one').observe(async () => 'token', signal)).toBe('token');
    await processes.clock.advanceAsync(10 * second);
    expect(processes.report).toEqual({});
  });

  test('is suspected where three requests have no answer', async () => {
    const processes = new Processes();
    for (const name of ['one', 'two', 'three'])
      processes
        .process(name)
        .observe(() => new Promise(() => {}), signal)
        .catch(() => {});
    await processes.clock.advanceAsync(2 * second);
    expect(await processes.process('four').held(signal)).toMatchObject({ failed: true });
  });

  test('is forgotten when nobody has asked for five minutes', async () => {
    const processes = await failing();
    processes.clock.advance(5 * minute + 250);
    await processes.fail('four');
    expect(await processes.wait()).toBe(0);
  });

  test('is suspected of a request that has no answer after a fifth of its time', async () => {
    const processes = new Processes();
    await processes.fail('one');
    await processes.fail('two');
    processes
      .process('three')
      .observe(() => new Promise(() => {}), signal)
      .catch(() => {});
    await processes.clock.advanceAsync(1_999);
    expect(await processes.wait()).toBe(0);
    await processes.clock.advanceAsync(1);
    expect(await processes.wait()).toBe(500);
  });

  test.each([
    ['a refused secret', new TokenError('ERR_OAUTH_RESPONSE', 'invalid_client')],
    ['a caller that left', new DOMException('aborted', 'AbortError')],
  ])('is not concluded from %s', async (_, error) => {
    const processes = new Processes();
    for (const name of ['one', 'two', 'three']) await processes.fail(name, error);
    expect(processes.report).toEqual({});
  });
});

describe('processes that ask although it is not their turn', () => {
  test('are three at most: the others see that nobody has failed yet', async () => {
    const processes = new Processes();
    for (const name of ['one', 'two', 'three']) await processes.process(name).announce();
    expect(await processes.process('four').held(signal)).toMatchObject({ wait: 250, failed: false });
  });

  test('are told by the first of them that fails', async () => {
    const processes = new Processes();
    for (const name of ['one', 'two', 'three']) await processes.process(name).announce();
    await processes.fail('one');
    expect(await processes.process('four').held(signal)).toMatchObject({ wait: 250, failed: true });
  });

  test('make an outage longer in which somebody has failed within two minutes', async () => {
    const processes = await failing();
    processes.clock.advance(2 * minute - 1);
    await processes.process('four').announce();
    expect(await processes.process('five').held(signal)).toMatchObject({ failed: true });
    expect(processes.report).toMatchObject({ failures: 2, reporters: ['one', 'two', 'three'] });
  });

  test('do not make an outage longer in which nobody has failed for two minutes', async () => {
    const processes = await failing();
    processes.clock.advance(2 * minute);
    for (const name of ['four', 'five', 'six']) await processes.process(name).announce();
    expect(await processes.process('seven').held(signal)).toMatchObject({ wait: 250, failed: false });
  });
});

describe('a report', () => {
  test.each<[string, (report: Record<string, unknown>) => object]>([
    ['belongs to another key', (report) => ({ ...report, key: 'another' })],
    ['is of another version', (report) => ({ ...report, version: 2 })],
    ['has no reporters', (report) => ({ ...report, reporters: 'three' })],
    ['has a time that is none', (report) => ({ ...report, since: null })],
    ['wants too long a wait', (report) => ({ ...report, wait: 6 * minute })],
    ['comes from the future', (report) => ({ ...report, at: Number(report['at']) + 2 * minute })],
    ['is too long', (report) => ({ ...report, more: 'x'.repeat(2_000) })],
  ])('that %s is none', async (_, change) => {
    const processes = await failing();
    const { report } = processes;
    await processes.put(report, 5 * minute + 250);
    expect(await processes.wait()).toBe(250);
    await processes.put(change(report), 5 * minute + 250);
    expect(await processes.wait()).toBe(0);
  });

  test('that somebody puts back is believed for a minute longer at most', async () => {
    const processes = await failing();
    const { report } = processes;
    processes.clock.advance(minute + 250);
    await processes.put(report, 10 * minute);
    expect(await processes.wait()).toBe(250);
    processes.clock.advance(1);
    expect(await processes.wait()).toBe(0);
  });

  test('that somebody puts back again and again counts for ten minutes after the last failure at most', async () => {
    const processes = new Processes();
    // The longest waits that there are: those of a long outage, and that which a server asks for.
    for (let failures = 0; failures < 10; failures++) {
      await processes.fail('0');
      processes.clock.advance(minute);
    }
    await processes.fail('0', new TokenError('ERR_TOKEN_REQUEST', 'busy', { transient: true, retryAfter: 5 * minute }));
    let { report } = processes;
    let last = 0;
    for (let time = 0; time < 20 * minute; time += second) {
      await processes.put(report, 10 * minute);
      const hold = await processes.process('somebody').held(signal);
      if (hold?.failed) last = time;
      const ends = Number(report['at']) + Number(report['wait']) + minute - processes.clock.now();
      if (hold === undefined && ends < second) {
        await processes.process(`${time}`).announce();
        report = processes.report;
      }
      processes.clock.advance(second);
    }
    expect(last).toBeGreaterThan(9 * minute);
    expect(last).toBeLessThan(10 * minute);
  });

  test('is measured by wall clocks where the store does not say how long it has been there', async () => {
    const processes = await failing();
    processes.clock.advance(100);
    const get = processes.store.get.bind(processes.store);
    processes.store.get = async (name) => {
      const { value = '' } = (await get(name)) ?? {};
      return { value };
    };
    expect(await processes.wait()).toBe(150);
  });
});
