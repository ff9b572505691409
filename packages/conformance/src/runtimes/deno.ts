import { find, install } from '../tools.ts';
import { processRuntime } from './process.ts';
import type { Runtime } from './runtime.ts';

export const deno: Runtime = processRuntime(
  'deno',
  async () => find(await install('deno', { deno: '2.9.6' }), 'node_modules/@deno/*/deno'),
  {
    parameters: ['run', '--allow-all', '--no-prompt', '--node-modules-dir=manual', '--no-lock'],
  },
);
