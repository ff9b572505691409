// For runtimes that are processes: the command line tells the environment. The process ends by itself, or it fails the suite.
import { allCases } from '../cases/all.ts';
import type { Environment } from '../case.ts';
import type { Driver } from '../clients/client.ts';
import { axiosDriver } from '../clients/axios.ts';
import { fetchDriver } from '../clients/fetch.ts';
import { kyDriver } from '../clients/ky.ts';
import { runAll } from '../run.ts';

const environment = JSON.parse(process.argv.at(-1) ?? '') as Environment;
// Loaded only where they can be loaded.
const others: Record<string, () => Promise<Driver>> = {
  got: async () => (await import('../clients/got.ts')).gotDriver,
  undici: async () => (await import('../clients/undici.ts')).undiciDriver,
};
const loaded = Object.entries(others).filter(([name]) => environment.leftOut[name] === undefined);
const drivers = await Promise.all(loaded.map(([, load]) => load()));
await runAll(environment, allCases([fetchDriver, axiosDriver, kyDriver, ...drivers]));
