import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Target } from '../contender.ts';

/** An API and a token endpoint that take no time of this thread, and none of its memory. */
export class InstantTarget implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #origin: string;

  private constructor(worker: Worker, origin: string) {
    this.#worker = worker;
    this.#origin = origin;
  }

  static async start(): Promise<InstantTarget> {
    const worker = new Worker(new URL('./instant-server.ts', import.meta.url));
    const [port] = (await once(worker, 'message')) as [number];
    return new InstantTarget(worker, `http://127.0.0.1:${port}`);
  }

  target(stubbed: boolean): Target {
    return {
      tokenEndpoint: `${this.#origin}/connect/token`,
      clientId: 'orders',
      clientSecret: 'secret',
      scope: 'orders.read',
      api: this.#origin,
      stubbed,
      token: 'a token that somebody wrote into the code',
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}
