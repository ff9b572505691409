import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** What a {@link RedisServer} can be told at its start. */
export interface RedisServerOptions {
  /** @defaultValue `'redis-server'` */
  readonly program?: 'redis-server' | 'valkey-server';
  /** More of its command line. */
  readonly settings?: readonly string[];
}

/** A real Redis or Valkey, on a loopback port, that keeps nothing on disk and can be stopped and started again. */
export class RedisServer {
  readonly port: number;
  readonly #program: string;
  readonly #settings: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, { program = 'redis-server', settings = [] }: RedisServerOptions) {
    this.port = port;
    this.#program = program;
    this.#settings = settings;
  }

  /** Starts the program, which is on the path; `undefined` on a machine without it. */
  static async start(options: RedisServerOptions = {}): Promise<RedisServer | undefined> {
    for (let tries = 1; ; tries++) {
      const server = new RedisServer(await freePort(), options);
      try {
        return (await server.resume()) ? server : undefined;
      } catch (error) {
        // Somebody else may have taken the port meanwhile.
        if (tries === 5) throw error;
      }
    }
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /**
   * Starts it again, with nothing in it; `false` where there is none to start.
   * @param more - what its command line says this time only.
   */
  async resume(...more: string[]): Promise<boolean> {
    const own = ['--port', `${this.port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const child = spawn(this.#program, [...this.#settings, ...own, ...more], { stdio: 'ignore' });
    try {
      await once(child, 'spawn');
    } catch {
      return false;
    }
    this.#process = child;
    while (!(await this.#answers())) {
      if (child.exitCode !== null) throw new Error(`${this.#program} ended with ${child.exitCode}`);
      await setTimeout(10);
    }
    return true;
  }

  /** Keeps it from running, connected as it is, until `thaw()`. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Ends it, as a crash would. */
  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async #answers(): Promise<boolean> {
    const socket = connect(this.port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return true;
    } catch {
      return false;
    } finally {
      socket.destroy();
    }
  }
}

/** A port that nobody has. */
export async function freePort(): Promise<number> {
  const reserved = createServer().listen(0, '127.0.0.1');
  await once(reserved, 'listening');
  const { port } = reserved.address() as AddressInfo;
  await new Promise((closed) => reserved.close(closed));
  return port;
}
