import type { TopLevelSpec } from 'vega-lite';
import type { Herds } from '../behaviours/herds.ts';
import type { Result, Results } from '../results.ts';
import { colorOf, type Theme } from './theme.ts';

const titles: Readonly<Record<keyof Herds, string>> = {
  cold: '1,000 with no token yet',
  expired: '1,000 at expiry',
  refused: '500 refused at once',
  refusedSlowly: '500 refused over 500 ms',
};

/** Token requests in each herd, and requests lost. */
export function herdsChart({ results }: Results, theme: Theme): TopLevelSpec {
  const shown = merged(results.filter(({ herds }) => herds));
  const values = shown.flatMap((result) =>
    Object.entries(result.herds ?? {}).map(([herd, { tokenRequests, lost }]) => ({
      name: result.name,
      herd: titles[herd as keyof Herds],
      tokenRequests,
      label: `${tokenRequests.toLocaleString('en')}${lost > 0 ? `, ${lost.toLocaleString('en')} lost` : ''}`,
      color: colorOf(result, theme),
      labelColor: lost > 0 ? theme.bad : theme.text,
    })),
  );
  return {
    title: {
      text: 'Token requests that a herd costs',
      subtitle: 'one is enough · in red: requests that ended without their answer',
    },
    data: { values },
    facet: { column: { field: 'herd', title: null, sort: Object.values(titles), header: { labelAnchor: 'start' } } },
    spec: {
      width: 150,
      height: { step: 24 },
      encoding: {
        y: {
          field: 'name',
          type: 'nominal',
          sort: shown.map(({ name }) => name),
          title: null,
          axis: { labelLimit: 600 },
        },
      },
      layer: [
        {
          mark: { type: 'bar', height: 14 },
          encoding: {
            x: {
              field: 'tokenRequests',
              type: 'quantitative',
              title: null,
              scale: { type: 'symlog', domain: [0, 30_000] },
              axis: { values: [1, 10, 100, 1_000], labelExpr: `format(datum.value, ',')` },
            },
            color: { field: 'color', type: 'nominal', scale: null },
          },
        },
        {
          mark: { type: 'text', align: 'left', dx: 4 },
          encoding: {
            x: { field: 'tokenRequests', type: 'quantitative' },
            text: { field: 'label', type: 'nominal' },
            color: { field: 'labelColor', type: 'nominal', scale: null },
          },
        },
      ],
    },
  };
}

/** tokenline once, as its worst client did in each herd. */
function merged(results: readonly Result[]): Result[] {
  const all = results.filter(({ role }) => role === 'tokenline').flatMap(({ herds }) => herds ?? []);
  const [first] = results.filter(({ role }) => role === 'tokenline');
  const peers = results.filter(({ role }) => role === 'peer');
  if (first === undefined || first.herds === undefined) return peers;
  const worst = (herd: keyof Herds): Herds[keyof Herds] => ({
    requests: Math.max(...all.map((herds) => herds[herd].requests)),
    tokenRequests: Math.max(...all.map((herds) => herds[herd].tokenRequests)),
    lost: Math.max(...all.map((herds) => herds[herd].lost)),
  });
  const herds = {
    cold: worst('cold'),
    expired: worst('expired'),
    refused: worst('refused'),
    refusedSlowly: worst('refusedSlowly'),
  };
  return [{ ...first, name: 'tokenline, each of five clients', herds }, ...peers];
}
