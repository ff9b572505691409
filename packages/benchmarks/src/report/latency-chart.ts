import type { TopLevelSpec } from 'vega-lite';
import type { Results } from '../results.ts';
import { colorOf, type Theme } from './theme.ts';

/** How long requests take around the moment at which a token is replaced. */
export function latencyChart({ results }: Results, theme: Theme): TopLevelSpec {
  const shown = results.filter(
    ({ role, client, shortLifetime }) =>
      shortLifetime !== undefined && (role === 'peer' || (role === 'tokenline' && ['axios', 'fetch'].includes(client))),
  );
  const values = shown.flatMap((result) =>
    (result.shortLifetime?.around ?? []).map(({ offset, slowest }) => ({
      name: result.name,
      offset,
      slowest,
      color: colorOf(result, theme),
    })),
  );
  return {
    title: {
      text: 'Latency around the renewal of a token',
      subtitle:
        'the slowest request in each 20 ms · the token request starts at 0 and takes 200 ms · 200 requests a second',
    },
    data: { values },
    facet: {
      field: 'name',
      type: 'nominal',
      title: null,
      sort: shown.map(({ name }) => name),
      header: { labelAnchor: 'start', labelFontSize: 11 },
    },
    columns: 5,
    bounds: 'flush',
    spacing: { row: 40, column: 24 },
    spec: {
      width: 165,
      height: 90,
      layer: [
        { mark: { type: 'rule', color: theme.muted, strokeDash: [3, 3] }, encoding: { x: { datum: 0 } } },
        {
          mark: { type: 'line', strokeWidth: 2 },
          encoding: {
            x: {
              field: 'offset',
              type: 'quantitative',
              title: null,
              axis: { values: [-400, -200, 0, 200, 400], format: '+d' },
            },
            y: { field: 'slowest', type: 'quantitative', title: 'ms', axis: { tickCount: 4 } },
            color: { field: 'color', type: 'nominal', scale: null },
          },
        },
      ],
    },
  };
}
