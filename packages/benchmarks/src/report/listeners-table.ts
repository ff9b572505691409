import type { ListenerCost } from '../costs/listeners.ts';
import type { Spread } from '../statistics.ts';

/** What those who listen cost, as Markdown. */
export function listenersTable(costs: readonly ListenerCost[]): string {
  const rows = costs.map(({ who, held, heldRatio, acquired, acquiredRatio }) => {
    return `| ${who} | ${time(held, 1, 'ns')} | ${times(heldRatio)} | ${time(acquired, 1_000, 'µs')} | ${times(acquiredRatio)} |`;
  });
  return ['| who listens | a token that is there | | an acquisition | |', '|---|--:|--:|--:|--:|', ...rows].join('\n');
}

function time({ median, lower, upper }: Spread, unit: number, name: string): string {
  const [middle, least, most] = [median, lower, upper].map((value) => (value / unit).toFixed(unit === 1 ? 0 : 1));
  return `${middle} ${name} (${least} … ${most})`;
}

const times = (ratio: number): string => `× ${ratio.toFixed(2)}`;
