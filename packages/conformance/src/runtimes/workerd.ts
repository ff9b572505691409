import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { close, listen } from '@tokenline/adapter-tests';
import { bundle } from '../bundle.ts';
import { start } from '../child.ts';
import { find, install } from '../tools.ts';
import type { Result } from '../servers/protocol.ts';
import { limitsOfOldWorkers, limitsOfWorkers } from './faults.ts';
import type { Runtime } from './runtime.ts';
import { runScenarios, type WaitUntil } from './shared.ts';
import { type Dispatch, runCases } from './worker.ts';

const packages = { workerd: '1.20261117.1' };
const clients = { got: 'got needs Node', undici: 'undici needs Node' };

/** What the same program becomes by its configuration. */
interface Configuration {
  readonly date: string;
  readonly flags: readonly string[];
}

function workerd(name: string, configuration: Configuration): Runtime {
  const old = configuration.date < '2024-09-26';
  const all = { ...clients, ...(old ? limitsOfOldWorkers : limitsOfWorkers) };
  return {
    name,
    leftOut: all,
    async run(stage) {
      const program = await find(await install('workerd', packages), 'node_modules/@cloudflare/workerd-*/bin/workerd');
      const version = `${packages.workerd}, ${[configuration.date, ...configuration.flags].join(' ')}`;
      const serve = async (entry: string, run: (dispatch: Dispatch) => Promise<Result[]>): Promise<Result[]> =>
        serving(program, await bundle({ entry, hasModules: false }), configuration, run);
      // With a recent compatibility with Node, core itself finds out how to outlive a request.
      const finds = configuration.flags.includes('nodejs_compat') && configuration.date > '2025-09-15';
      const ways: WaitUntil[] = finds ? ['found'] : ['given', 'none'];
      const results = await serve('module-worker', (dispatch) => runCases({ name, leftOut: all }, stage, dispatch));
      for (const way of ways)
        results.push(...(await serve('shared-worker', (dispatch) => runScenarios(stage, dispatch, way))));
      return { version, results };
    },
  };
}

/** Has workerd serve a worker for as long as something is done with it. */
async function serving<T>(
  program: string,
  script: string,
  configuration: Configuration,
  use: (dispatch: Dispatch) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  const port = await freePort();
  await copyFile(script, join(folder, 'worker.mjs'));
  await writeFile(join(folder, 'config.capnp'), configFor(port, configuration));
  const child = start(program, ['serve', join(folder, 'config.capnp')]);
  const dispatch: Dispatch = (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init);
  try {
    await Promise.race([untilReady(dispatch), child.ended]);
    return await use(dispatch);
  } catch (error) {
    throw new Error(`${String(error)}: ${child.output().trim().slice(-300)}`, { cause: error });
  } finally {
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function configFor(port: number, { date, flags }: Configuration): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker", esModule = embed "worker.mjs")],
      compatibilityDate = ${JSON.stringify(date)},
      compatibilityFlags = ${JSON.stringify(flags)},
      globalOutbound = "loopback",
    )),
    (name = "loopback", network = (allow = ["private", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const { port } = new URL(await listen(server));
  await close(server);
  return Number(port);
}

async function untilReady(dispatch: Dispatch): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      await dispatch('/');
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error('it does not answer');
}

export const workerds: readonly Runtime[] = [
  workerd('workerd', { date: '2026-11-01', flags: [] }),
  workerd('workerd-node', { date: '2026-11-01', flags: ['nodejs_compat'] }),
  workerd('workerd-old', { date: '2024-01-01', flags: [] }),
  workerd('workerd-old-node', { date: '2024-01-01', flags: ['nodejs_compat'] }),
];
