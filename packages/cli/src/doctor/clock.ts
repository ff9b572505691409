import { durationInWords } from '../inspect/time-in-words.ts';
import type { Exchange } from './exchange.ts';
import type { Report } from './report.ts';

/** Assertions are valid for a minute, and begin now: servers allow for a few seconds, if at all. */
const tolerable = 5_000;

/** Compares the clock of this machine with the `Date` of the answers, which has whole seconds. */
export function checkClock(report: Report, exchanges: readonly Exchange[]): void {
  const skews = exchanges.flatMap(({ start, end, answer }) => {
    const date = Date.parse(answer?.headers.get('date') ?? '');
    if (Number.isNaN(date)) return [];
    // The answer was made at some time between the request and its arrival.
    const [least, most] = [date - end, date + 1_000 - start];
    return [least > 0 ? least : most < 0 ? most : 0];
  });
  if (skews.length === 0) return;
  const skew = skews.reduce((one, other) => (Math.abs(one) < Math.abs(other) ? one : other));
  const words = `the clock of this machine is ${durationInWords(skew)} ${skew > 0 ? 'behind' : 'ahead of'} that of the server`;
  if (Math.abs(skew) <= tolerable) report.add('ok', 'clock-skew', 'the clocks of this machine and of the server agree');
  else
    report.add(
      'problem',
      'clock-skew',
      words,
      'set the clock: assertions and proofs carry its time, and an API judges tokens by its own',
    );
}
