import { describe, expect, test } from '@jest/globals';
import type { TestClock } from '@tokenline/testing';
import { TokenError } from '../../src/common/errors.ts';
import type { IssuedToken } from '../../src/common/issued-token.ts';
import { pause } from '../../src/common/waiting.ts';
import { StoreFailure } from '../../src/fleet/store-entry.ts';
import { awaitTurn } from '../../src/fleet/turn.ts';
import { second, timedClock } from '../test-clock.ts';

type Waiting = Parameters<typeof awaitTurn>[0];
type Hold = Awaited<ReturnType<NonNullable<Waiting['outage']>['held']>>;

const token = { token: { value: 'token-1' } } as IssuedToken;
const gone = new TokenError('ERR_TOKEN_REQUEST', 'other processes get none', { transient: true });
const { signal } = new AbortController();

/** A process that waits for its turn, in a store that holds nothing. It has ten seconds. */
class Process {
  readonly clock: TestClock = timedClock();
  /** What happened, and after how many milliseconds. */
  readonly log: string[] = [];
  random = 0;
  found: () => Promise<IssuedToken | undefined> = async () => undefined;
  leased: () => boolean = () => false;
  held: (() => Hold) | undefined;
  readonly #start: number = this.clock.monotonic();

  get time(): number {
    return this.clock.monotonic() - this.#start;
  }

  /** Tells what has happened after some milliseconds. */
  async wait(duration: number, leaving: AbortSignal = signal): Promise<readonly string[]> {
    const { clock, random } = this;
    const note = (what: string): void => void this.log.push(`${what} at ${Math.round(this.time)}`);
    const waiting = {
      context: {
        clock,
        random: () => random,
        timeout: 10 * second,
        events: { emit: (_: unknown, { type }: { type: string }) => note(type) },
      },
      scope: undefined,
      entry: { failed: (operation: string, reason: string) => note(`${operation} ${reason}`) },
      outage: this.held && {
        held: async () => this.held?.(),
        announce: async () => note('announced'),
      },
      lease: {
        take: async () => this.leased(),
        release: () => note('released'),
      },
      find: () => this.found(),
      rest: (time: number, end: AbortSignal) => pause(clock, time, end),
    } as unknown as Waiting;
    awaitTurn(waiting, leaving).then(
      (found) => note(found === undefined ? 'its turn' : found.token.value),
      (error: unknown) => note(error instanceof StoreFailure ? 'store failure' : (error as Error).message),
    );
    await clock.advanceAsync(duration);
    return this.log;
  }
}

const hold = (wait: number, failed = true): Hold => ({ error: gone, wait, failed });

describe('a process that waits for its turn', () => {
  test('makes the request at once where nobody has the lease', async () => {
    const process = new Process();
    process.leased = () => true;
    expect(await process.wait(1)).toEqual(['store-miss at 0', 'its turn at 0']);
  });

  test('takes a token that is stored while it takes the lease', async () => {
    const process = new Process();
    process.leased = () => {
      process.found = async () => token;
      return true;
    };
    expect(await process.wait(1)).toEqual(['store-miss at 0', 'token-1 at 0']);
  });

  test('looks for a token less and less often while another one has the lease', async () => {
    const process = new Process();
    const looks: number[] = [];
    process.found = async () => {
      looks.push(Math.round(process.time));
      return undefined;
    };
    await process.wait(300);
    expect(looks).toEqual([0, 25, 57, 97, 146, 208, 285]);
  });

  test.each([
    [0, 5_500],
    [1, 6_500],
  ])('loses patience with whoever has the lease: with a random number of %d, after %d ms', async (random, end) => {
    const process = new Process();
    process.random = random;
    expect(await process.wait(7 * second)).toEqual(['store-miss at 0', `lease busy at ${end}`, `its turn at ${end}`]);
  });

  test('does not ask why another one has the lease before its fifth look', async () => {
    const process = new Process();
    const looks: number[] = [];
    process.held = () => void looks.push(Math.round(process.time));
    await process.wait(210);
    expect(looks).toEqual([146, 208]);
  });

  test('leaves with its caller', async () => {
    const process = new Process();
    const leaving = new AbortController();
    leaving.abort(new Error('gone'));
    expect(await process.wait(1, leaving.signal)).toEqual(['gone at 0']);
  });
});

describe('a process whose fleet reports an outage', () => {
  test('waits for its end, without the lease, and makes the request then', async () => {
    const process = new Process();
    process.leased = () => true;
    process.held = () => (process.time < second ? hold(second) : undefined);
    expect(await process.wait(2 * second)).toEqual([
      'store-miss at 0',
      'released at 0',
      'skipped at 0',
      `its turn at ${second}`,
    ]);
  });

  test('waits for half of its patience at most', async () => {
    const process = new Process();
    process.leased = () => true;
    process.held = () => (process.time === 0 ? hold(2_750) : undefined);
    expect((await process.wait(3 * second)).at(-1)).toBe('its turn at 2750');
    const other = new Process();
    other.leased = () => true;
    other.held = () => hold(2_751);
    expect((await other.wait(1)).slice(1)).toEqual(['released at 0', `${gone.message} at 0`]);
  });

  test('has less patience after it has waited for the lease', async () => {
    const process = new Process();
    process.leased = () => process.time >= second;
    process.held = () => (process.time >= second ? hold(2_400) : undefined);
    expect((await process.wait(2 * second)).at(-1)).toMatch(new RegExp(`^${gone.message}`));
  });

  test('hears of it while another one has the lease', async () => {
    const process = new Process();
    process.held = () => hold(4 * second);
    expect(await process.wait(second)).toEqual(['store-miss at 0', 'released at 146', `${gone.message} at 146`]);
  });
});

describe('a process that has lost its patience', () => {
  const busy = 5_500;

  test('says that it goes on alone, and makes the request', async () => {
    const process = new Process();
    process.held = () => undefined;
    expect((await process.wait(6 * second)).slice(1)).toEqual([
      `lease busy at ${busy}`,
      `announced at ${busy}`,
      `its turn at ${busy}`,
    ]);
  });

  test('takes a token that is there by then', async () => {
    const process = new Process();
    process.held = () => undefined;
    process.found = async () => (process.time >= busy ? token : undefined);
    expect((await process.wait(6 * second)).slice(1)).toEqual([`lease busy at ${busy}`, `token-1 at ${busy}`]);
  });

  test('leaves it to those who went on alone before, until four fifths of the time are over', async () => {
    const process = new Process();
    process.held = () => (process.time < busy ? undefined : hold(second, false));
    expect((await process.wait(10 * second)).slice(1)).toEqual([`lease busy at ${busy}`, 'its turn at 8500']);
  });

  test('takes their token', async () => {
    const process = new Process();
    process.held = () => (process.time < busy ? undefined : hold(second, false));
    process.found = async () => (process.time >= 7 * second ? token : undefined);
    expect((await process.wait(10 * second)).slice(1)).toEqual([`lease busy at ${busy}`, 'token-1 at 7000']);
  });

  test('fails with the reason of those who failed, in time', async () => {
    const process = new Process();
    process.held = () => (process.time < busy ? undefined : hold(second));
    expect((await process.wait(10 * second)).slice(1)).toEqual([`lease busy at ${busy}`, `${gone.message} at 9500`]);
  });

  test('makes the request where the store does not answer any more', async () => {
    const process = new Process();
    process.held = () => undefined;
    process.found = () => (process.time < busy ? Promise.resolve(undefined) : new Promise(() => {}));
    expect((await process.wait(10 * second)).slice(1)).toEqual([`lease busy at ${busy}`, 'store failure at 9500']);
  });
});
