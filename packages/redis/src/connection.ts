/** A client that is connected, or will be: of `redis` (a single client, a pool, a cluster or sentinels) or of `ioredis`. */
export type RedisClient = NodeRedisClient | IoRedisClient;

interface Emitter {
  on(event: 'error', listener: () => void): unknown;
  listenerCount(event: 'error'): number;
}

interface NodeRedisClient extends Partial<Emitter> {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** Whether somebody has connected it, and nobody has closed it. */
  readonly isOpen?: boolean;
  /** Whether it can be sent a command now. */
  readonly isReady?: boolean;
}

interface IoRedisClient extends Partial<Emitter> {
  eval(script: string, keys: number, ...keysAndArguments: string[]): Promise<unknown>;
  defineCommand(name: string, definition: { lua: string }): void;
  readonly status: string;
}

/** The one thing that is asked of a client: to run a script, on one key. */
export class Connection {
  readonly #client: RedisClient;
  readonly #timeout: number;

  constructor(client: RedisClient, timeout: number) {
    this.#client = client;
    this.#timeout = timeout;
    // Without any listener the loss of the connection would be the end of the process. Here it is an event of the source.
    if (client.listenerCount?.('error') === 0) client.on?.('error', () => {});
  }

  async run(script: string, key: string, ...values: readonly string[]): Promise<unknown> {
    await this.#ready();
    const client = this.#client;
    try {
      if (isIoRedis(client)) return await client.eval(script, 1, key, ...values);
      return await client.eval(script, { keys: [key], arguments: [...values] });
    } catch (error) {
      throw withCode(error);
    }
  }

  /**
   * Waits for a connection. A client would queue the command instead and send it when the connection is back: long after
   * everybody has stopped waiting, and a lease that is taken then keeps others waiting for nothing. It looks again and again,
   * because not every client says when it is connected.
   */
  async #ready(): Promise<void> {
    for (let waited = 0; !isReady(this.#client) && !isClosed(this.#client); waited += 20) {
      if (waited >= this.#timeout) throw new Error('no connection to Redis');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** An error reply of Redis begins with what is wrong, such as `OOM`, `LOADING` or `READONLY`: that is its code. */
function withCode(error: unknown): unknown {
  const { message } = Object(error) as { message?: unknown };
  const code = /^[A-Z]+(?= )/.exec(String(message))?.[0];
  return code === undefined ? error : Object.assign(new Error('Redis refused the command'), { code });
}

/** Whether a command would be sent at once. A cluster does not say: it is believed to be ready. */
function isReady(client: RedisClient): boolean {
  return isIoRedis(client) ? client.status === 'ready' : client.isReady !== false;
}

/** Whether the client refuses commands by itself, and says why; or connects when it is sent one. */
function isClosed(client: RedisClient): boolean {
  return isIoRedis(client) ? client.status === 'end' || client.status === 'wait' : client.isOpen === false;
}

function isIoRedis(client: RedisClient): client is IoRedisClient {
  return 'defineCommand' in client;
}
