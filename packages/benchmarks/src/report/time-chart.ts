import type { TopLevelSpec } from 'vega-lite';
import type { Results } from '../results.ts';
import { colorOf, type Theme } from './theme.ts';

/** Microseconds that each contender adds to a request of its client. */
export function timeChart({ results }: Results, theme: Theme): TopLevelSpec {
  const values = results
    .filter(({ role, stubbed }) => (role === 'tokenline' || role === 'peer') && stubbed !== undefined)
    .map((result) => {
      const { median, lower, upper } = result.stubbed?.addedTime ?? { median: 0, lower: 0, upper: 0 };
      const name = result.role === 'peer' ? `${result.name} (${result.client})` : result.name;
      const label = `+${median.toFixed(1)} µs, × ${(result.stubbed?.ratio ?? 1).toFixed(2)}`;
      return { name, median, lower, upper, label, color: colorOf(result, theme) };
    });
  const y = { field: 'name', type: 'nominal', sort: null, title: null, axis: { labelLimit: 600 } } as const;
  return {
    title: {
      text: 'Time added to a request',
      subtitle:
        'beside the same client with a hard-coded header, stubbed transport · median, and the middle half of all rounds',
    },
    data: { values },
    width: 520,
    height: { step: 24 },
    layer: [
      {
        mark: { type: 'bar', height: 12 },
        encoding: {
          y,
          x: { field: 'median', type: 'quantitative', title: 'microseconds', axis: { tickCount: 6 } },
          color: { field: 'color', type: 'nominal', scale: null },
        },
      },
      {
        mark: { type: 'rule', color: theme.text, strokeWidth: 1.5 },
        encoding: { y, x: { field: 'lower', type: 'quantitative' }, x2: { field: 'upper' } },
      },
      {
        mark: { type: 'text', align: 'left', dx: 6 },
        encoding: { y, x: { field: 'upper', type: 'quantitative' }, text: { field: 'label', type: 'nominal' } },
      },
    ],
  };
}
