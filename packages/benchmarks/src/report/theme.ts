import type { Config } from 'vega-lite';
import type { Result } from '../results.ts';

/** The colours of a page that a chart is shown on. */
export interface Theme {
  readonly name: 'light' | 'dark';
  readonly background: string;
  /** What the chart is about. */
  readonly accent: string;
  /** What it is compared with. */
  readonly muted: string;
  readonly bad: string;
  readonly text: string;
  readonly config: Config;
}

function theme(name: Theme['name'], colors: Omit<Theme, 'name' | 'config'> & { grid: string }): Theme {
  const { text, grid } = colors;
  const font = 'system-ui, -apple-system, "Segoe UI", sans-serif';
  return {
    ...colors,
    name,
    config: {
      font,
      padding: 12,
      view: { stroke: null },
      title: {
        color: text,
        fontSize: 15,
        anchor: 'start',
        subtitleColor: text,
        subtitleFontSize: 12,
        subtitlePadding: 6,
        offset: 14,
      },
      axis: {
        labelColor: text,
        titleColor: text,
        labelFontSize: 12,
        titleFontSize: 12,
        titleFontWeight: 'normal',
        gridColor: grid,
        domainColor: grid,
        tickColor: grid,
      },
      header: { labelColor: text, labelFontSize: 12, labelFontWeight: 'bold', titleColor: text },
      text: { color: text, fontSize: 12 },
    },
  };
}

export const themes: readonly Theme[] = [
  theme('light', {
    background: '#ffffff',
    accent: '#0969da',
    muted: '#8c959f',
    bad: '#cf222e',
    text: '#1f2328',
    grid: '#d8dee4',
  }),
  theme('dark', {
    background: '#0d1117',
    accent: '#58a6ff',
    muted: '#6e7681',
    bad: '#ff7b72',
    text: '#e6edf3',
    grid: '#30363d',
  }),
];

export function colorOf({ role }: Result, { accent, muted }: Theme): string {
  return role === 'tokenline' ? accent : muted;
}
