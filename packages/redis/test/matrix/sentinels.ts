import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RedisServer } from '@tokenline/adapter-tests';
import { group } from './clients.ts';
import { folder } from './folder.ts';
import { until } from './matrix.ts';
import { tell } from './tell.ts';

/** A server, one that stands in for it, and three sentinels that watch them. */
export class Sentinels {
  readonly #servers: readonly RedisServer[];
  readonly #sentinels: readonly RedisServer[];

  private constructor(servers: readonly RedisServer[], sentinels: readonly RedisServer[]) {
    this.#servers = servers;
    this.#sentinels = sentinels;
  }

  /** Starts them; `undefined` on a machine without the program. */
  static async start(program: 'redis-server' | 'valkey-server'): Promise<Sentinels | undefined> {
    const first = await RedisServer.start({ program, settings: files('first') });
    if (first === undefined) return undefined;
    const second = await start(program, ...files('second'), '--replicaof', '127.0.0.1', `${first.port}`);
    const watching: RedisServer[] = [];
    for (const index of [1, 2, 3]) {
      const file = join(folder, `sentinel-${index}.conf`);
      const settings = [`down-after-milliseconds ${group} 2000`, `failover-timeout ${group} 5000`];
      const lines = [`monitor ${group} 127.0.0.1 ${first.port} 2`, ...settings].map((line) => `sentinel ${line}`);
      await writeFile(file, lines.join('\n'));
      watching.push(await start(program, file, '--sentinel'));
    }
    const sentinels = new Sentinels([first, second], watching);
    await sentinels.#known();
    return sentinels;
  }

  get ports(): number[] {
    return this.#sentinels.map(({ port }) => port);
  }

  /** The server that is written to, as the sentinels have it. */
  async primary(): Promise<RedisServer | undefined> {
    const [sentinel] = this.#sentinels as [RedisServer];
    const [, port] = (await tell(sentinel, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', group)).split(',');
    return this.#servers.find((server) => `${server.port}` === port);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#servers, ...this.#sentinels].map((server) => server.stop()));
  }

  /** Waits until all know one another. */
  async #known(): Promise<void> {
    for (const sentinel of this.#sentinels) {
      await until(async () => (await tell(sentinel, 'SENTINEL', 'CKQUORUM', group).catch(String)).startsWith('OK 3 '));
      await until(async () => (await tell(sentinel, 'SENTINEL', 'REPLICAS', group)).includes('master-link-status,ok'));
    }
  }
}

/** What a server needs that may have to keep a copy of another on disk. */
const files = (name: string): string[] => ['--dir', folder, '--dbfilename', name];

async function start(program: 'redis-server' | 'valkey-server', ...settings: string[]): Promise<RedisServer> {
  const server = await RedisServer.start({ program, settings });
  if (server === undefined) throw new Error(`${program} has gone`);
  return server;
}
