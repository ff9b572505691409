import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundle } from '../bundle.ts';
import { install } from '../tools.ts';
import { limitsOfWorkers } from './faults.ts';
import type { Runtime } from './runtime.ts';
import { type Dispatch, runCases } from './worker.ts';

const packages = { miniflare: '4.20260730.0' };
const leftOut = { ...limitsOfWorkers, got: 'got needs Node', undici: 'undici needs Node' };

interface Miniflare {
  readonly ready: Promise<URL>;
  dispose(): Promise<void>;
}

export const miniflare: Runtime = {
  name: 'miniflare',
  leftOut,
  async run(stage) {
    const require = createRequire(join(await install('miniflare', packages), 'package.json'));
    const { Miniflare: Runner } = require('miniflare') as { Miniflare: new (options: object) => Miniflare };
    const scriptPath = await bundle({ entry: 'module-worker', hasModules: false });
    // With `cf`, it would ask a host of Cloudflare where it is.
    const options = { modules: true, scriptPath, cf: false, compatibilityDate: '2026-07-01', host: '127.0.0.1' };
    const running = new Runner(options);
    try {
      const url = await running.ready;
      const dispatch: Dispatch = (path, init) => fetch(new URL(path, url), init);
      return { version: packages.miniflare, results: await runCases({ name: 'miniflare', leftOut }, stage, dispatch) };
    } finally {
      await running.dispose();
    }
  },
};
