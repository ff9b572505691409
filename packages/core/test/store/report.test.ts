import { describe, expect, test } from '@jest/globals';
import { longest } from '../../src/common/backoff.ts';
import { readReport, writeReport, type WrittenReport } from '../../src/fleet/outage-report.ts';
import { minute, second } from '../test-clock.ts';

const now = Date.UTC(2026, 10, 23, 12);
const key = 'outage';
const written: WrittenReport = {
  key,
  reporters: ['one', 'two', 'three'],
  since: now,
  failures: 1,
  failed: now,
  at: now,
  wait: second,
};

/** How much is left of the wait of a report that a store holds; `undefined` where it is none. */
function leftOf(report: Partial<WrittenReport>, lifetime?: unknown): number | undefined {
  const value = writeReport({ ...written, ...report });
  return readReport({ value, lifetime }, key, now)?.left;
}

describe('a report of an outage', () => {
  test('is read as it was written', () => {
    const lifetime = second + longest;
    expect(readReport({ value: writeReport(written), lifetime }, key, now)).toEqual({
      version: 1,
      ...written,
      left: second,
    });
  });

  test('has left of its wait what is left of its lifetime, by the clock of the store', () => {
    expect(leftOf({}, longest + 300)).toBe(300);
    expect(leftOf({}, longest)).toBe(0);
    expect(leftOf({}, longest + 2 * second)).toBe(second);
    expect(leftOf({ at: now - minute, wait: minute }, longest + 7)).toBe(7);
  });

  test('has left of its wait what the wall clocks say where the store says nothing', () => {
    expect(leftOf({ at: now - 300 })).toBe(700);
    expect(leftOf({ at: now - 1_300 })).toBe(-300);
    expect(leftOf({ at: now + 300 })).toBe(second);
  });

  test.each<[what: string, report: Partial<WrittenReport>, left: number | undefined]>([
    ['wants the longest wait', { wait: longest }, longest],
    ['wants a longer one', { wait: longest + 1 }, undefined],
    ['wants none', { wait: 0 }, 0],
    ['wants less than none', { wait: -1 }, undefined],
    ['comes from a clock that is a minute ahead', { at: now + minute }, second],
    ['comes from a clock that is more than that ahead', { at: now + minute + 1 }, undefined],
    ['has been over for a minute', { at: now - second - minute }, second],
    ['has been over for longer than that', { at: now - second - minute - 1 }, 0],
    ['has been over for as long as it is kept', { at: now - second - minute - longest }, 0],
    ['has been over for longer than it is kept', { at: now - second - minute - longest - 1 }, undefined],
    ['is of another key', { key: 'other' }, undefined],
    ['has reporters that are no list', { reporters: 'one' as never }, undefined],
    ...(['since', 'failures', 'failed', 'at', 'wait'] as const).map(
      (name): [string, Partial<WrittenReport>, undefined] => [
        `has no number in ${name}`,
        { [name]: '7' as never },
        undefined,
      ],
    ),
  ])('that %s', (_, report, left) => {
    expect(leftOf(report, longest + 10 * minute)).toBe(left);
  });

  test('has less than two thousand characters', () => {
    const { length } = writeReport({ ...written, reporters: [''] });
    expect(leftOf({ reporters: ['x'.repeat(1_999 - length)] })).toBe(second);
    expect(leftOf({ reporters: ['x'.repeat(2_000 - length)] })).toBeUndefined();
  });

  test.each([undefined, null, 'text', {}, { value: 7 }, { value: '' }, { value: '[]' }, { value: '{"version":1}' }])(
    'is not %p',
    (found) => {
      expect(readReport(found, key, now)).toBeUndefined();
    },
  );
});
