import { createHash } from 'node:crypto';
import { EventQueue } from './event-queue.ts';
import { Random } from './random.ts';
import { Timeline } from './timeline.ts';

/** When all simulations begin. */
const epoch: number = Date.UTC(2026, 0, 1);

/** Simulated time, and what happens in it. The only things that go on beside it are promises. */
export class World {
  readonly random: Random;
  readonly timeline: Timeline;
  /** Milliseconds since the beginning. */
  time = 0;
  readonly #queue: EventQueue = new EventQueue();

  constructor(seed: number) {
    this.random = new Random(seed);
    this.timeline = new Timeline(() => this.time);
  }

  /** The time of day, as it really is. */
  get now(): number {
    return epoch + this.time;
  }

  /** Something happens `delay` milliseconds from now; returns what cancels that. */
  after(delay: number, action: () => void, rank = 0): () => void {
    return this.#queue.add(this.time + delay, rank, action);
  }

  /** Lets time pass. Between two events, everything happens that needs no more than promises. */
  async run(duration: number): Promise<void> {
    const end = this.time + duration;
    const release = hashAtOnce();
    const { stackTraceLimit } = Error;
    // Nobody reads where a simulated failure came from, and it takes a third of the time to find out.
    Error.stackTraceLimit = 0;
    try {
      for (let next = this.#queue.take(end); next !== undefined; next = this.#queue.take(end)) {
        this.time = next.time;
        next.action();
        await settle();
      }
      this.time = end;
    } finally {
      release();
      Error.stackTraceLimit = stackTraceLimit;
    }
  }
}

/** Waits for promises, and for the promises that these lead to. */
function settle(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** Meanwhile hashes are there at once. The runtime makes them in another thread, which answers at no certain time. */
function hashAtOnce(): () => void {
  Object.defineProperty(crypto.subtle, 'digest', { value: hash, configurable: true });
  return () => Reflect.deleteProperty(crypto.subtle, 'digest');
}

async function hash(_: string, data: Uint8Array): Promise<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(data).digest()).buffer;
}
