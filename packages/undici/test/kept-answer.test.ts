import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Dispatcher } from 'undici';
import { KeptAnswer } from '../src/kept-answer.ts';

type Controller = Dispatcher.DispatchController;

const mebibyte = 1_048_576;
const raw = [Buffer.from('x-trace'), Buffer.from('a')];

/** An answer that is kept, and all that happens to it. */
function keep(controller: object | null = {}): {
  kept: KeptAnswer;
  log: string[];
  event: (what: string) => () => void;
} {
  const log: string[] = [];
  const event = (what: string) => (): void => void log.push(what);
  const aborting = controller && { abort: ({ message }: Error) => log.push(`given up: ${message}`), ...controller };
  const kept = new KeptAnswer(aborting as unknown as Controller, event('start'), ({ message }) =>
    log.push(`fails: ${message}`),
  );
  return { kept, log, event };
}

afterEach(() => void jest.restoreAllMocks());

describe('an answer that is kept', () => {
  test('says what its controller says, until it is read', () => {
    const { kept } = keep({ rawHeaders: raw, rawTrailers: raw });
    const { paused, aborted, reason, rawHeaders, rawTrailers } = kept;
    expect({ paused, aborted, reason, rawHeaders, rawTrailers }).toEqual({
      paused: false,
      aborted: false,
      reason: null,
      rawHeaders: raw,
      rawTrailers: null,
    });
    kept.end(() => {});
    expect(kept.rawTrailers).toBe(raw);
  });

  test.each([[null], [{}]])('says nothing where its controller (%j) says nothing', (controller) => {
    const { kept } = keep(controller);
    kept.end(() => {});
    expect([kept.rawHeaders, kept.rawTrailers]).toEqual([null, null]);
  });

  test('comes when it is given, in order, and stops while its reader pauses', () => {
    const { kept, log, event } = keep();
    kept.add(event('one'), 3);
    kept.end(event('end'));
    kept.resume();
    expect(log).toEqual([]);
    kept.pause();
    kept.give();
    expect([log, kept.paused]).toEqual([[], true]);
    kept.resume();
    expect([log, kept.paused]).toEqual([['start', 'one', 'end'], false]);
  });

  test('is kept up to a megabyte, and cut off beyond', () => {
    const whole = keep();
    whole.kept.add(whole.event('most'), mebibyte - 1);
    whole.kept.add(whole.event('last'), 1);
    whole.kept.give();
    expect(whole.log).toEqual(['start', 'most', 'last']);
    const { kept, log, event } = keep();
    kept.add(event('most'), mebibyte);
    kept.add(event('too much'), 1);
    kept.add(event('more'), 1);
    kept.give();
    kept.add(event('still more'), 1);
    kept.resume();
    const why = 'the rest of the answer that refused the token was not read';
    expect(log).toEqual([`given up: ${why}`, 'start', 'most', `fails: ${why}`]);
    expect([kept.aborted, kept.reason?.message]).toEqual([true, why]);
  });

  test('is waited for until it is read, for a second at most', async () => {
    const timers = jest.spyOn(globalThis, 'setTimeout').mockImplementation((() => 7) as never);
    const whole = keep();
    whole.kept.end(() => {});
    await whole.kept.read();
    expect(timers).not.toHaveBeenCalled();
    const stopped = jest.spyOn(globalThis, 'clearTimeout').mockImplementation(() => {});
    const { kept, log } = keep();
    const reads = [kept.read(), kept.read()];
    expect(timers.mock.calls).toEqual([[expect.any(Function), 1_000]]);
    kept.end(() => {});
    await Promise.all(reads);
    expect(stopped.mock.calls).toEqual([[7]]);
    await kept.read();
    expect([timers.mock.calls.length, log]).toEqual([1, []]);
  });

  test('is cut off after that second', async () => {
    const timers = jest.spyOn(globalThis, 'setTimeout').mockImplementation((() => 7) as never);
    const { kept, log } = keep();
    const read = kept.read();
    const [[late] = []] = timers.mock.calls;
    late?.();
    await read;
    expect(log).toHaveLength(1);
  });

  test('fails once when its reader leaves, and says no more', () => {
    const { kept, log, event } = keep();
    kept.end(event('end'));
    const reason = new Error('enough');
    kept.abort(reason);
    kept.abort(new Error('more than enough'));
    kept.give();
    expect([log, kept.aborted, kept.reason]).toEqual([['fails: enough'], true, reason]);
  });

  test('fails with what its reader throws', () => {
    const { kept, log, event } = keep();
    kept.add(() => {
      throw new Error('no room');
    }, 1);
    kept.end(event('end'));
    kept.give();
    expect(log).toEqual(['start', 'fails: no room']);
  });
});
