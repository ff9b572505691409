import { describe, expect, test } from '@jest/globals';
import { readTap } from '../src/tap.ts';

describe('the protocol of the test runners', () => {
  test('ava, mocha and vitest write one level', () => {
    const text = [
      'TAP version 13',
      'ok 1 - retries a GET',
      'not ok 2 a client gives up',
      '  ---',
      '  values: |-',
      '    ok 3 - this is a value',
      '  ...',
      'ok 4 - takes its time # time=12.5ms',
      '1..4',
    ].join('\n');
    expect(readTap(text, 'retry.ts')).toEqual({
      passed: new Set(['retry.ts › retries a GET', 'retry.ts › takes its time']),
      failed: new Set(['retry.ts › a client gives up']),
    });
  });

  test('Node nests tests, and writes those of a suite before the suite', () => {
    const text = [
      '# Subtest: redirects',
      '    # Subtest: to the same origin',
      '    ok 1 - to the same origin',
      '      ---',
      '      duration_ms: 1.5',
      '      ...',
      '    # Subtest: to another',
      '    not ok 2 - to another',
      '    1..2',
      'not ok 1 - redirects',
    ].join('\n');
    expect(readTap(text)).toEqual({
      passed: new Set(['redirects › to the same origin']),
      failed: new Set(['redirects › to another', 'redirects']),
    });
  });

  test('tests that share a name are told apart', () => {
    const { passed, failed } = readTap('ok 1 - works\nnot ok 2 - works\nok 3 - works');
    expect([...passed]).toEqual(['works', 'works (3)']);
    expect([...failed]).toEqual(['works (2)']);
  });

  test('a skipped test neither passes nor fails', () => {
    const { passed, failed } = readTap('ok 1 - one # SKIP no network\nnot ok 2 - two # TODO\nok 3 - escapes \\# skip');
    expect([...passed]).toEqual(['escapes \\# skip']);
    expect(failed.size).toBe(0);
  });
});
