import { setTimeout as sleep } from 'node:timers/promises';
import { tokenErrorOf } from '@tokenline/core';
import type { Make, SoakRequest } from './clients.ts';

/** How requests ended, and how often. */
export type Outcomes = Record<string, number>;

/** Mixed traffic through one client, by several callers, until it is told to stop. */
export class Traffic {
  readonly outcomes: Outcomes = {};
  readonly #make: Make;
  #stopped = true;
  #callers: Promise<void>[] = [];

  constructor(make: Make) {
    this.#make = make;
  }

  start(callers: number): void {
    this.#stopped = false;
    this.#callers = Array.from({ length: callers }, () => this.#call());
  }

  /** Waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#callers.splice(0));
  }

  async #call(): Promise<void> {
    while (!this.#stopped) {
      // Now and then all at once, or the herds would never meet an expired token.
      const requests = Math.random() < 0.02 ? 30 : 1;
      await Promise.all(Array.from({ length: requests }, () => this.#request()));
      await sleep(Math.random() * 20);
    }
  }

  async #request(): Promise<void> {
    const controller = new AbortController();
    const patience = Math.random() < 0.1 ? Math.random() * 30 : 10_000;
    const timer = setTimeout(() => controller.abort(), patience);
    const outcome = await this.#make({ ...mixed(), signal: controller.signal })
      .then(String)
      .catch((error: unknown) => (controller.signal.aborted ? 'aborted' : nameOf(error)));
    clearTimeout(timer);
    this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1;
  }
}

function mixed(): Omit<SoakRequest, 'signal'> {
  const dice = Math.random();
  if (dice < 0.2) return { path: '/orders', json: { id: 7, note: 'x'.repeat(1_000) } };
  return { path: dice < 0.3 ? '/download?bytes=100000' : dice < 0.4 ? '/status/404' : '/orders/7' };
}

function nameOf(error: unknown): string {
  const tokenError = tokenErrorOf(error);
  if (tokenError) return tokenError.code;
  const { name, code, message } = error as Partial<Error & { code: string }>;
  return `${name} ${code ?? ''} ${message}`;
}
