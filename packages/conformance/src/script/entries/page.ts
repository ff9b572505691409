// For browsers: the page is told its environment by its URL, and reports by itself.
import { allCases } from '../cases/all.ts';
import type { Environment } from '../case.ts';
import { axiosDriver } from '../clients/axios.ts';
import { fetchDriver } from '../clients/fetch.ts';
import { kyDriver } from '../clients/ky.ts';
import { runAll } from '../run.ts';

const environment = JSON.parse(decodeURIComponent(location.hash.slice(1))) as Environment;
await runAll(environment, allCases([fetchDriver, axiosDriver, kyDriver]));
