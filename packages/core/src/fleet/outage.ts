import { type Blocked, longest } from '../common/backoff.ts';
import { momentOf, startTimer } from '../common/clock.ts';
import { TokenError, tokenErrorOf } from '../common/errors.ts';
import { delayAfter } from '../lifecycle/health.ts';
import { readReport, type Report, tolerance, writeReport } from './outage-report.ts';
import type { FleetContext } from './token-store.ts';

/** So many processes have to say the same: one, or two, may be broken themselves. */
const quorum = 3;

/** Where the reports stand: a key of the store. */
interface Entry {
  get<T>(read: (found: unknown, key: string) => T, signal?: AbortSignal): Promise<T | undefined>;
  set(write: (key: string) => string, lifetime: number): Promise<void>;
}

/** Why nobody is to ask now. */
interface Hold extends Blocked {
  /** Whether somebody has failed. Otherwise some have only just begun to ask. */
  readonly failed: boolean;
}

/**
 * What the processes of a fleet know together of an issuer that gives no tokens. Whoever gets none for a reason that may pass
 * says so in the store. When several have, the others wait as long as one process would, and then one of them tries again. So
 * an outage costs the fleet little more than it costs a single process.
 */
export class Outage {
  readonly #context: FleetContext;
  readonly #entry: Entry;
  /** The name of this process. */
  readonly #reporter: string;
  /** Whether there was a report when this process last looked, or made one. */
  #reported = false;

  constructor(context: FleetContext, entry: Entry, reporter: string) {
    this.#context = context;
    this.#entry = entry;
    this.#reporter = reporter;
  }

  /**
   * Why the issuer is not to be asked now, and for how long.
   *
   * @throws StoreFailure, or the reason of the signal.
   */
  async held(signal: AbortSignal): Promise<Hold | undefined> {
    const report = await this.#read(signal);
    if (report === undefined || report.left <= 0 || report.reporters.length < quorum) return undefined;
    const { left, at, failures } = report;
    const message = `other processes report that they get no token either, the last one at ${new Date(at).toISOString()}`;
    const error = new TokenError('ERR_TOKEN_REQUEST', message, { transient: true, retryAfter: left });
    return { error, wait: left * (1 + 0.2 * this.#context.random()), failed: failures > 0 };
  }

  /**
   * Makes a request. The others learn of a failure that may befall them, too, and of an answer that takes long; any other
   * answer ends the outage.
   *
   * @throws what `request` throws.
   */
  async observe<T>(request: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const { clock, timeout } = this.#context;
    const cancel = startTimer(clock, () => void this.#report(true), timeout / 5);
    try {
      return await request(signal);
    } catch (error) {
      const failure = tokenErrorOf(error);
      if (failure?.transient) {
        const reported = this.#report(true, failure.retryAfter);
        // The lease is released after that. Where there is no time left, it is over anyway.
        if (!signal.aborted) await reported;
      } else if (failure !== undefined) this.over();
      throw error;
    } finally {
      cancel();
    }
  }

  /** This process asks although it is not its turn, since nobody else has got a token. Never rejects. */
  announce(): Promise<void> {
    return this.#report(false);
  }

  /** The issuer gives tokens. Nobody waits for this: whoever takes the token needs no report. */
  over(): void {
    if (!this.#reported) return;
    this.#reported = false;
    this.#entry.set(() => '', 1).catch(() => {});
  }

  async #read(signal?: AbortSignal): Promise<Report | undefined> {
    const asked = momentOf(this.#context.clock);
    const report = await this.#entry.get((found, key) => readReport(found, key, asked.wall), signal);
    this.#reported = report !== undefined;
    return report;
  }

  async #report(failed: boolean, retryAfter?: number): Promise<void> {
    try {
      const at = this.#context.clock.now();
      const last = await this.#read();
      const lasts = last !== undefined && last.left > 0;
      // Who only begins to ask does not make an outage longer that is over.
      const counts = failed || lasts || at - (last?.failed ?? 0) < 2 * tolerance;
      const known: Partial<Report> = (counts ? last : undefined) ?? {};
      const { reporters = [], since = at, failures = 0 } = known;
      // Requests that were under way together fail together: that is one failure.
      const more = (failed && failures === 0) || (failures > 0 && !lasts) ? failures + 1 : failures;
      const all = [...new Set([...reporters, this.#reporter])].slice(0, quorum);
      if (lasts && more === failures && all.length === reporters.length) return;
      const usual = delayAfter(Math.max(0, more - 1), Math.max(0, at - since), true);
      const report = { reporters: all, since, failures: more, failed: failed ? at : (known.failed ?? 0), at };
      const wait = Math.min(retryAfter || usual, longest);
      // Whoever fails next knows how long that has been so; unless nobody has asked for a long time.
      const write = (key: string): string => writeReport({ key, ...report, wait });
      await this.#entry.set(write, Math.ceil(wait + longest));
      this.#reported = true;
    } catch {
      // The failure of the store is an event, and the others learn of the outage when they fail themselves.
    }
  }
}
