import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TokenEvent, TokenSourceOptions } from '@tokenline/core';
import type { RedisStoreOptions } from '../src/index.ts';

export interface WorkerOptions extends Pick<
  TokenSourceOptions,
  'issuer' | 'clientId' | 'clientSecret' | 'scope' | 'timeout'
> {
  /** Of Redis. */
  readonly url: string;
  readonly store: Omit<RedisStoreOptions, 'client'>;
}

type Message =
  | { ready: true }
  | { event: TokenEvent }
  | { id: number; value: string; duration: number }
  | { id: number; error: string };

/** A process of the fleet, and its source of tokens. */
export class Worker {
  readonly events: TokenEvent[] = [];
  readonly #child: ChildProcess;
  readonly #asked: Map<number, { resolve: (value: string) => void; reject: (error: Error) => void }> = new Map();
  #count = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message: Message) => this.#receive(message));
    child.once('exit', () => this.#asked.forEach(({ reject }) => reject(new Error('the process has ended'))));
  }

  /** Starts a process, and waits until it is connected to Redis. */
  static async start(options: WorkerOptions): Promise<Worker> {
    const child = fork(fileURLToPath(new URL('children/worker.ts', import.meta.url)), [JSON.stringify(options)], {
      execArgv: [],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const worker = new Worker(child);
    await once(child, 'message');
    return worker;
  }

  /** The value of a token. */
  ask(options: { rejected?: string } = {}): Promise<string> {
    const id = this.#count++;
    const answered = new Promise<string>((resolve, reject) => this.#asked.set(id, { resolve, reject }));
    this.#child.send({ id, ...options });
    return answered;
  }

  /** The types of the events since this was last called. */
  newEvents(): string[] {
    return this.events.splice(0).map(({ type }) => type);
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  #receive(message: Message): void {
    if ('event' in message) this.events.push(message.event);
    if (!('id' in message)) return;
    const asked = this.#asked.get(message.id);
    this.#asked.delete(message.id);
    if ('value' in message) asked?.resolve(message.value);
    else asked?.reject(new Error(message.error));
  }
}
