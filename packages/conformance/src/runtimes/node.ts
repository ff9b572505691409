import { find, install } from '../tools.ts';
import { processRuntime } from './process.ts';
import type { Runtime } from './runtime.ts';

/** A version of Node as npm has it. */
function node(version: string, more: Runtime['leftOut'] = {}): Runtime {
  const name = `node-${version.split('.')[0]}`;
  const from = `node-${process.platform}-${process.arch}`;
  const locate = async (): Promise<string> =>
    find(await install(name, { [from]: version }), `node_modules/${from}/bin/node`);
  return processRuntime(name, locate, { leftOut: more });
}

export const nodes: readonly Runtime[] = [
  node('22.12.0', { undici: 'undici 8 needs Node 22.19' }),
  processRuntime('node-24', async () => process.execPath),
  node('26.10.0'),
];
