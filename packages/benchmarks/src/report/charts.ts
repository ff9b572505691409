import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Results } from '../results.ts';
import { herdsChart } from './herds-chart.ts';
import { latencyChart } from './latency-chart.ts';
import { themes } from './theme.ts';
import { timeChart } from './time-chart.ts';

const charts = { herds: herdsChart, time: timeChart, latency: latencyChart };
const folder = join(import.meta.dirname, '../../charts');

/** Draws every chart twice, for light pages and for dark ones. */
export async function drawCharts(results: Results): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [name, chart] of Object.entries(charts)) {
    for (const theme of themes) {
      const svg = await draw({ ...chart(results, theme), config: theme.config, background: theme.background });
      writeFileSync(join(folder, `${name}-${theme.name}.svg`), `${svg}\n`);
    }
  }
}

async function draw(spec: TopLevelSpec): Promise<string> {
  return new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG();
}
