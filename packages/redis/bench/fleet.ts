import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Processes that have started, and acquire when they are told to. */
export class Fleet {
  readonly #children: readonly ChildProcess[];

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children;
  }

  static async start(count: number, options: object): Promise<Fleet> {
    const path = fileURLToPath(new URL('process.ts', import.meta.url));
    const children = Array.from({ length: count }, () => fork(path, [JSON.stringify(options)]));
    await Promise.all(children.map((child) => once(child, 'message')));
    return new Fleet(children);
  }

  /** Every process acquires a token at once; `prefix` is where the store has it. Gives the milliseconds that each took. */
  acquire(prefix: string): Promise<number[]> {
    return Promise.all(
      this.#children.map(async (child) => {
        child.send({ prefix });
        const [{ duration }] = (await once(child, 'message')) as [{ duration: number }];
        return duration;
      }),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        child.kill();
        await once(child, 'exit');
      }),
    );
  }
}
