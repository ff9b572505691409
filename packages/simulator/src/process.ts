import { type Clock, type ClientTokenSource, createTokenSource, sharedStore } from '@tokenline/core';
import type { Fleet } from './fleet.ts';

/** A process with a source of tokens: the real one. What it knows of time, chance and others is simulated. */
export class Process {
  readonly name: string;
  /** How far its wall clock is from the time of day. */
  skew = 0;
  source: ClientTokenSource | undefined;
  readonly #fleet: Fleet;
  /** Counts its lives: a process that crashes and is started again is another one. */
  #life = 0;
  #stoppedUntil = 0;
  /** For how many milliseconds it was stopped in all. */
  #stopped = 0;

  constructor(fleet: Fleet, name: string) {
    this.#fleet = fleet;
    this.name = name;
  }

  get isUp(): boolean {
    return this.source !== undefined;
  }

  /** Milliseconds for which it could have done something. */
  get awake(): number {
    return this.#fleet.world.time - this.#stopped;
  }

  start(): void {
    const { world, identityServer, store, options } = this.#fleet;
    const random = world.random.fork();
    this.#life++;
    this.source = createTokenSource({
      tokenEndpoint: 'https://login.example.com/connect/token',
      clientId: 'orders',
      clientSecret: 's3cret',
      clientAuthentication: 'client_secret_post',
      clock: this.#clock(),
      random: random.next,
      fetch: identityServer.fetchOf(this),
      store: options.shared ? sharedStore(store.of(this)) : undefined,
      onEvent: ({ type }) => this.#fleet.watch.noted(this, type),
    });
  }

  /** Ends at once. What it has begun elsewhere goes on. */
  crash(): void {
    this.#life++;
    this.source = undefined;
    this.#fleet.watch.forget(this);
  }

  /** Does nothing for a while, as with `SIGSTOP` or in a long garbage collection. Its clocks go on. */
  stop(duration: number): void {
    const { time } = this.#fleet.world;
    const until = Math.max(this.#stoppedUntil, time + duration);
    this.#stopped += until - Math.max(this.#stoppedUntil, time);
    this.#stoppedUntil = until;
  }

  /** What the process does when it gets to it: not while it is stopped, and never in another life. Timers come first. */
  inTurn<Args extends unknown[]>(action: (...args: Args) => void, rank = 1): (...args: Args) => void {
    const life = this.#life;
    const act = (...args: Args): void => {
      if (life !== this.#life) return;
      const left = this.#stoppedUntil - this.#fleet.world.time;
      if (left > 0) this.#fleet.world.after(left, () => act(...args), rank);
      else action(...args);
    };
    return act;
  }

  /** Does something in a while. */
  after(delay: number, action: () => void): () => void {
    let cancelled = false;
    const inTurn = this.inTurn(() => void (cancelled || action()), 0);
    const cancel = this.#fleet.world.after(delay, inTurn);
    return () => {
      cancelled = true;
      cancel();
    };
  }

  #clock(): Clock {
    const { world } = this.#fleet;
    const started = world.time;
    return {
      now: () => world.now + this.skew,
      monotonic: () => world.time - started,
      // As those of Node.
      startTimer: (callback, duration) => this.after(Math.max(1, duration), callback),
    };
  }
}
