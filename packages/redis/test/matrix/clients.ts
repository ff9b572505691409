import type oldestIoredis from 'ioredis-oldest';
import type { RedisClient } from '../../src/index.ts';

/** Where the servers are. */
export interface Place {
  readonly topology: 'single' | 'cluster' | 'sentinels';
  /** Of the server, of nodes of the cluster, or of the sentinels. */
  readonly ports: readonly number[];
}

/** What the sentinels call the servers that they watch. */
export const group = 'tokens';

/** A client, and what says that it is connected. */
interface Connecting {
  readonly client: RedisClient;
  readonly connected: Promise<unknown>;
}

/** A process loads no other client. */
type Connect = (ports: readonly number[]) => Promise<Connecting>;

const host = '127.0.0.1';
/** The client tries again soon, so that tests need not wait for it. */
const soon = 50;

const urlOf = (port: number | undefined): string => `redis://${host}:${port}`;
const nodesOf = (ports: readonly number[]): { host: string; port: number }[] => ports.map((port) => ({ host, port }));

/** It did not have its class by name yet. */
async function importOldestIoRedis(): Promise<{ Redis: typeof oldestIoredis.default }> {
  const { default: module } = await import('ioredis-oldest');
  return { Redis: module.default };
}

/** Every client that is supported, at its oldest and at its newest, by the name of the dependency. */
const clients: Record<Place['topology'], Record<string, Connect>> = {
  single: {
    'redis-oldest': async ([port]) => {
      const { createClient } = await import('redis-oldest');
      const client = createClient({ url: urlOf(port), socket: { reconnectStrategy: soon } });
      return { client, connected: client.connect() };
    },
    'redis-5': async ([port]) => {
      const { createClient } = await import('redis-5');
      const client = createClient({ url: urlOf(port), socket: { reconnectStrategy: soon } });
      return { client, connected: client.connect() };
    },
    redis: async ([port]) => {
      const { createClient } = await import('redis');
      const client = createClient({ url: urlOf(port), socket: { reconnectStrategy: soon } });
      return { client, connected: client.connect() };
    },
    'redis (a pool)': async ([port]) => {
      const { createClientPool } = await import('redis');
      const client = createClientPool({ url: urlOf(port), socket: { reconnectStrategy: soon } });
      return { client, connected: client.connect() };
    },
    'ioredis-oldest': async ([port]) => {
      const { Redis } = await importOldestIoRedis();
      const client = new Redis(urlOf(port), { lazyConnect: true, retryStrategy: () => soon });
      return { client, connected: client.connect() };
    },
    'ioredis-5': async ([port]) => {
      const { Redis } = await import('ioredis-5');
      const client = new Redis(urlOf(port), { lazyConnect: true, retryStrategy: () => soon });
      return { client, connected: client.connect() };
    },
    ioredis: async ([port]) => {
      const { Redis } = await import('ioredis');
      const client = new Redis(urlOf(port), { lazyConnect: true, retryStrategy: () => soon });
      return { client, connected: client.connect() };
    },
    'ioredis (numbers as text)': async ([port]) => {
      const { Redis } = await import('ioredis');
      const options = { lazyConnect: true, retryStrategy: () => soon, stringNumbers: true };
      const client = new Redis(urlOf(port), options);
      return { client, connected: client.connect() };
    },
  },
  cluster: {
    'redis-oldest': async (ports) => {
      const { createCluster } = await import('redis-oldest');
      const client = createCluster({ rootNodes: ports.map((port) => ({ url: urlOf(port) })) });
      return { client, connected: client.connect() };
    },
    'redis-5': async (ports) => {
      const { createCluster } = await import('redis-5');
      const client = createCluster({ rootNodes: ports.map((port) => ({ url: urlOf(port) })) });
      return { client, connected: client.connect() };
    },
    redis: async (ports) => {
      const { createCluster } = await import('redis');
      const client = createCluster({ rootNodes: ports.map((port) => ({ url: urlOf(port) })) });
      return { client, connected: client.connect() };
    },
    'ioredis-oldest': async (ports) => {
      const { Cluster } = await import('ioredis-oldest');
      const client = new Cluster(nodesOf(ports), { lazyConnect: true });
      return { client, connected: client.connect() };
    },
    'ioredis-5': async (ports) => {
      const { Cluster } = await import('ioredis-5');
      const client = new Cluster(nodesOf(ports), { lazyConnect: true });
      return { client, connected: client.connect() };
    },
    ioredis: async (ports) => {
      const { Cluster } = await import('ioredis');
      const client = new Cluster(nodesOf(ports), { lazyConnect: true });
      return { client, connected: client.connect() };
    },
  },
  sentinels: {
    'redis-5': async (ports) => {
      const { createSentinel } = await import('redis-5');
      const client = createSentinel({ name: group, sentinelRootNodes: nodesOf(ports) });
      return { client, connected: client.connect() };
    },
    redis: async (ports) => {
      const { createSentinel } = await import('redis');
      const client = createSentinel({ name: group, sentinelRootNodes: nodesOf(ports) });
      return { client, connected: client.connect() };
    },
    'ioredis-oldest': async (ports) => {
      const { Redis } = await importOldestIoRedis();
      const client = new Redis({ name: group, sentinels: nodesOf(ports), lazyConnect: true });
      return { client, connected: client.connect() };
    },
    'ioredis-5': async (ports) => {
      const { Redis } = await import('ioredis-5');
      const client = new Redis({ name: group, sentinels: nodesOf(ports), lazyConnect: true });
      return { client, connected: client.connect() };
    },
    ioredis: async (ports) => {
      const { Redis } = await import('ioredis');
      const client = new Redis({ name: group, sentinels: nodesOf(ports), lazyConnect: true });
      return { client, connected: client.connect() };
    },
  },
};

export const clientsFor = (topology: Place['topology']): string[] => Object.keys(clients[topology]);

/** Makes a client, and has it connect. */
export function connect(name: string, { topology, ports }: Place): Promise<Connecting> {
  const make = clients[topology][name];
  if (make === undefined) throw new Error(`there is no client ${name} for ${topology}`);
  return make(ports);
}
