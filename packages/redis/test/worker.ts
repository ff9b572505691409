import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TokenEvent, TokenSourceOptions } from '@tokenline/core';
import type { RedisStoreOptions } from '../src/index.ts';
import type { Place } from './matrix/clients.ts';

export interface WorkerOptions extends Pick<
  TokenSourceOptions,
  'issuer' | 'clientId' | 'clientSecret' | 'scope' | 'timeout'
> {
  /** The name of its client. */
  readonly client: string;
  readonly place: Place;
  /** How many milliseconds the wall clock of its host is ahead. */
  readonly skew?: number;
  readonly store: Omit<RedisStoreOptions, 'client'>;
}

/** What a process is asked for. */
export interface Question {
  readonly rejected?: string;
  /** What the store is to be like, this time: each has a source of its own. */
  readonly store?: Pick<RedisStoreOptions, 'prefix' | 'timeout'>;
}

type Message =
  | { ready: true }
  | { event: TokenEvent }
  | { id: number; value: string; duration: number }
  | { id: number; error: string };

/** A process of the fleet, and its source of tokens. */
export class Worker {
  readonly events: TokenEvent[] = [];
  /** What it has printed. */
  output = '';
  /** The name of its client. */
  readonly client: string;
  readonly #child: ChildProcess;
  readonly #asked: Map<number, { resolve: (value: string) => void; reject: (error: Error) => void }> = new Map();
  #count = 0;

  private constructor(client: string, child: ChildProcess) {
    this.client = client;
    this.#child = child;
    child.on('message', (message: Message) => this.#receive(message));
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (this.output += text));
    child.once('exit', () => this.#asked.forEach(({ reject }) => reject(new Error('the process has ended'))));
  }

  /** Starts a process, and waits until it is connected to Redis. */
  static async start(options: WorkerOptions): Promise<Worker> {
    const child = fork(fileURLToPath(new URL('children/worker.ts', import.meta.url)), [JSON.stringify(options)], {
      execArgv: [],
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const worker = new Worker(options.client, child);
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error(`${options.client} did not start: ${worker.output}`))),
    ]);
    return worker;
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The value of a token. */
  ask({ store = {}, ...options }: Question = {}): Promise<string> {
    const id = this.#count++;
    const answered = new Promise<string>((resolve, reject) => this.#asked.set(id, { resolve, reject }));
    this.#child.send({ id, store, ...options });
    return answered;
  }

  /** The types of the events since this was last called. */
  newEvents(): string[] {
    return this.events.splice(0).map(({ type }) => type);
  }

  /** Keeps it from running until `thaw()`. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    if (!this.isAlive) return;
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
    else asked?.reject(new Error(`${this.client}: ${message.error}`));
  }
}
