import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundle } from '../bundle.ts';
import { install } from '../tools.ts';
import { limitsOfWorkers } from './faults.ts';
import type { Runtime } from './runtime.ts';
import { type Dispatch, runCases } from './worker.ts';

const packages = { 'edge-runtime': '4.0.1' };
const leftOut = { ...limitsOfWorkers, got: 'got needs Node', undici: 'undici needs Node' };

interface EdgeRuntime {
  dispatchFetch(url: string, init?: RequestInit): Promise<Response>;
}

/** The runtime of Vercel's edge functions and of Next.js. */
export const edge: Runtime = {
  name: 'edge-runtime',
  leftOut,
  async run(stage) {
    const require = createRequire(join(await install('edge-runtime', packages), 'package.json'));
    const { EdgeRuntime: Runner } = require('edge-runtime') as {
      EdgeRuntime: new (options: { initialCode: string }) => EdgeRuntime;
    };
    const script = await bundle({ entry: 'script-worker', hasModules: false, format: 'iife' });
    const running = new Runner({ initialCode: await readFile(script, 'utf8') });
    const dispatch: Dispatch = (path, init) => running.dispatchFetch(`http://worker${path}`, init);
    return {
      version: packages['edge-runtime'],
      results: await runCases({ name: 'edge-runtime', leftOut }, stage, dispatch),
    };
  },
};
