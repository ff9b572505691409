import { find, install } from '../tools.ts';
import { processRuntime } from './process.ts';
import type { Runtime } from './runtime.ts';

export const bun: Runtime = processRuntime(
  'bun',
  async () => find(await install('bun', { bun: '1.4.5' }), 'node_modules/@oven/bun-*/bin/bun'),
  { parameters: ['run'], leftOut: { undici: 'Bun has a stub of its own in place of undici' } },
);
