import type { Client } from './client.ts';
import { axiosOver } from './clients/axios.ts';
import { fetchClient } from './clients/fetch.ts';
import { gotClient } from './clients/got.ts';
import { kyClient } from './clients/ky.ts';
import { undiciClient } from './clients/undici.ts';

export const clients: readonly Client[] = [
  axiosOver('http'),
  axiosOver('fetch'),
  gotClient,
  kyClient,
  fetchClient,
  undiciClient,
];
