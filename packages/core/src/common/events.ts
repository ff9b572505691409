import type { Clock } from './clock.ts';
import type { TokenErrorCode } from './errors.ts';

/** What every event says. None ever carries a credential. */
interface EventBase {
  /** When it happened, in milliseconds since the epoch. */
  readonly time: number;
  /** The client that the token is for. */
  readonly clientId: string;
  /** The issuer, or the token endpoint where that was given. */
  readonly server: string;
  /** The requested scope, space-separated. */
  readonly scope: string | undefined;
}

/** What each event says beside. */
export type TokenEventDetails =
  /** A caller got the token that was there, at once, or after a renewal that it had waited for failed. */
  | { readonly type: 'served'; readonly phase: 'fresh' | 'ageing' | 'late' | 'rejected' }
  /** A caller found no usable token and has to wait for one. */
  | { readonly type: 'missed'; readonly phase: 'missing' | 'expired' | 'late' | 'rejected' }
  /** A caller waits for a token request that was already under way. */
  | { readonly type: 'joined' }
  /** A token request was started; `background` where no caller waits for it. */
  | { readonly type: 'requested'; readonly background: boolean }
  /** A token request brought a token. Durations are milliseconds; `lifetime` is 0 for a token that is not kept. */
  | { readonly type: 'acquired'; readonly duration: number; readonly lifetime: number }
  /** A token request failed. */
  | { readonly type: 'failed'; readonly duration: number; readonly code: TokenErrorCode; readonly transient: boolean }
  /** A token request was not made, because an earlier failure said to wait; `wait` is how many milliseconds are left. */
  | { readonly type: 'skipped'; readonly code: TokenErrorCode; readonly wait: number }
  /** An API refused the current token. */
  | { readonly type: 'rejected' }
  /** An answer was of no use: its token was no better than the token that is there. */
  | { readonly type: 'discarded'; readonly reason: 'same-token' | 'earlier-expiry' }
  /** A token request was aborted, because the last caller that waited for it had left. */
  | { readonly type: 'aborted' }
  /** A request was sent once more with a new token, or with the nonce that the API demands, after that had answered 401. */
  | { readonly type: 'replayed' }
  /** The token of another process came from the store, in place of a token request of this one. */
  | { readonly type: 'store-hit'; readonly duration: number; readonly lifetime: number }
  /** The store had no token that is of use: one process makes a token request, the others wait for its result. */
  | { readonly type: 'store-miss' }
  /**
   * The store was of no help: it did not answer in time (`timeout`), it failed (`error`), what it had was no token for
   * this client (`unreadable`), or the process whose turn it was took too long (`busy`). Where it is not `unreadable`,
   * this process goes on by itself. `code` is the error's own, where it has one.
   */
  | {
      readonly type: 'store-failed';
      readonly operation: StoreOperation;
      readonly reason: 'timeout' | 'error' | 'unreadable' | 'busy';
      readonly code: string | undefined;
    };

/** What was asked of a store. */
export type StoreOperation = 'get' | 'set' | 'lease' | 'release';

/** What happened to a token. Published to `onEvent` and, on Node, to the diagnostics channel `tokenline`. */
export type TokenEvent = TokenEventDetails & EventBase;

/** Whoever wants to know. What it throws is ignored. */
export type TokenEventListener = (event: TokenEvent) => void;

interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

/** Where the events of one source go. */
export class Events {
  readonly #clock: Clock;
  readonly #origin: { readonly clientId: string; readonly server: string };
  readonly #listener: TokenEventListener | undefined;
  readonly #channel: Channel | undefined = diagnosticsChannel();

  constructor(clock: Clock, origin: { clientId: string; server: string }, listener: TokenEventListener | undefined) {
    this.#clock = clock;
    this.#origin = origin;
    this.#listener = listener;
  }

  /** Whether anybody listens. Ask before building an event on a hot path. */
  get observed(): boolean {
    return this.#listener !== undefined || this.#channel?.hasSubscribers === true;
  }

  emit(scope: string | undefined, details: TokenEventDetails): void {
    if (!this.observed) return;
    const event: TokenEvent = { ...details, time: this.#clock.now(), ...this.#origin, scope };
    try {
      // A listener may be an async function, whatever its type says.
      Promise.resolve(this.#listener?.(event)).catch(() => {});
    } catch {
      // A listener's failure is its own: it must not fail a request.
    }
    this.#channel?.publish(event);
  }
}

/** Node's channel `tokenline`, found without an import so that core stays free of `node:`. */
function diagnosticsChannel(): Channel | undefined {
  type Host = { process?: { getBuiltinModule?(id: string): { channel(name: string): Channel } | undefined } };
  return (globalThis as Host).process?.getBuiltinModule?.('node:diagnostics_channel')?.channel('tokenline');
}
