import { freePort, RedisServer } from '@tokenline/adapter-tests';
import { folder } from './folder.ts';
import { until } from './matrix.ts';
import { tell, tellAll } from './tell.ts';

/** A server of the cluster. */
export interface Node {
  readonly server: RedisServer;
  /** The port at which the others talk to it. */
  readonly bus: number;
  /** What the others call it. */
  readonly id: string;
}

const slots = 16_384;

/** Two nodes that share the keys, and one that can stand in for the first. */
export class Cluster {
  readonly first: Node;
  readonly second: Node;
  readonly spare: Node;

  private constructor([first, second, spare]: readonly [Node, Node, Node]) {
    this.first = first;
    this.second = second;
    this.spare = spare;
  }

  /** Starts a cluster; `undefined` on a machine without the program. */
  static async start(program: 'redis-server' | 'valkey-server'): Promise<Cluster | undefined> {
    const nodes = [await startNode(program), await startNode(program), await startNode(program)] as const;
    const [first, second, spare] = nodes;
    if (first === undefined || second === undefined || spare === undefined) return undefined;
    const cluster = new Cluster([first, second, spare]);
    await cluster.#form();
    return cluster;
  }

  get nodes(): readonly Node[] {
    return [this.first, this.second, this.spare];
  }

  get ports(): number[] {
    return this.nodes.map(({ server }) => server.port);
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map(({ server }) => server.stop()));
  }

  async #form(): Promise<void> {
    const { first, second, spare } = this;
    await own(first, 1, 0, slots / 2 - 1);
    await own(second, 2, slots / 2, slots - 1);
    for (const { server, bus } of [second, spare]) {
      await tell(first.server, 'CLUSTER', 'MEET', '127.0.0.1', `${server.port}`, `${bus}`);
    }
    await until(async () => (await tell(spare.server, 'CLUSTER', 'REPLICATE', first.id).catch(String)) === 'OK');
    await until(async () => (await tell(spare.server, 'INFO', 'replication')).includes('master_link_status:up'));
    for (const { server } of this.nodes) {
      await until(async () => (await tell(server, 'CLUSTER', 'INFO')).includes('cluster_state:ok'));
      await until(async () => (await tell(server, 'CLUSTER', 'NODES')).includes('slave'));
    }
  }
}

/** Gives slots to a node. */
async function own({ server }: Node, epoch: number, first: number, last: number): Promise<void> {
  await tellAll(server, [
    ['CLUSTER', 'SET-CONFIG-EPOCH', `${epoch}`],
    ['CLUSTER', 'ADDSLOTSRANGE', `${first}`, `${last}`],
  ]);
}

async function startNode(program: 'redis-server' | 'valkey-server'): Promise<Node | undefined> {
  const bus = await freePort();
  const settings = ['--cluster-enabled', 'yes', '--cluster-port', `${bus}`, '--dir', folder];
  // The tests say which node is lost: none is taken for that because the machine is busy.
  settings.push('--cluster-config-file', `${bus}.conf`, '--cluster-node-timeout', '60000');
  const server = await RedisServer.start({ program, settings });
  return server && { server, bus, id: await tell(server, 'CLUSTER', 'MYID') };
}
