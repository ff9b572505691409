import { builtin } from './builtin.ts';
import type { Clock } from './clock.ts';
import type { TokenErrorCode } from './errors.ts';

/** Whose tokens the events of a source are about. */
export interface EventOrigin {
  /** The client identifier; absent for a custom source. */
  readonly clientId?: string;
  /** The issuer, or the token endpoint where that was given; absent for a custom source. */
  readonly server?: string;
  /** The `key` of a custom source, where it has one. */
  readonly key?: string | undefined;
}

/** Fields of every event. None ever carries a credential. */
interface EventBase extends EventOrigin {
  /** When it happened, in milliseconds since the epoch. */
  readonly time: number;
  /** The requested scope, space-separated. */
  readonly scope: string | undefined;
  /**
   * Which acquisition it belongs to: of all events and traces of a process, those of one acquisition have the same number.
   * Absent for what belongs to none.
   */
  readonly acquisition?: number | undefined;
}

/** Fields specific to each type of event. Durations are milliseconds. */
export type TokenEventDetails =
  /** A caller got the current token, at once or after a renewal that it waited for had failed. */
  | { readonly type: 'served'; readonly phase: 'fresh' | 'ageing' | 'late' | 'rejected' }
  /** A caller found no usable token, and waits for one. */
  | { readonly type: 'missed'; readonly phase: 'missing' | 'expired' | 'late' | 'rejected' }
  /** A caller waits for a token request that was already under way. */
  | { readonly type: 'joined' }
  /** A token request was started; `background` where no caller waits for it. */
  | { readonly type: 'requested'; readonly background: boolean }
  /**
   * A token request brought a token, after `duration` milliseconds. `left` is what is left of its lifetime. Both are 0 for a token
   * that is not kept.
   */
  | { readonly type: 'acquired'; readonly duration: number; readonly lifetime: number; readonly left: number }
  /** A token request failed, after `duration` milliseconds. */
  | { readonly type: 'failed'; readonly duration: number; readonly code: TokenErrorCode; readonly transient: boolean }
  /** No token was requested, because an earlier failure, of any process of the fleet, is too recent; `wait` is how many milliseconds that lasts. */
  | { readonly type: 'skipped'; readonly code: TokenErrorCode; readonly wait: number }
  /** An API refused the current token. */
  | { readonly type: 'rejected' }
  /** The token is not bound to the key of `dpop`: the server issued a bearer token. */
  | { readonly type: 'unbound' }
  /** `revoke()` dropped a token. Where `atServer` is false, the server has no way to revoke it: it is valid until it expires. */
  | { readonly type: 'revoked'; readonly atServer: boolean }
  /** A new token was dropped, because it is no better than the current one. */
  | { readonly type: 'discarded'; readonly reason: 'same-token' | 'earlier-expiry' }
  /** A token request was aborted, because the last caller that waited for it had left. */
  | { readonly type: 'aborted' }
  /**
   * A request went without a token: it has an `Authorization` of its own, it goes to another origin or to the source's own
   * endpoint, `bearerAuth: false` says so, or it would have gone to an allowed host over plain http.
   */
  | { readonly type: 'passed'; readonly reason: PassedReason }
  /** A request that had been answered with 401 was sent once more, with a new token or with the nonce that the API demands. */
  | { readonly type: 'replayed' }
  /** The token of another process came from the store, so that this process made no token request. */
  | { readonly type: 'store-hit'; readonly duration: number; readonly lifetime: number; readonly left: number }
  /** The store had no usable token: one process makes a token request, the others wait for its result. */
  | { readonly type: 'store-miss' }
  /**
   * The store did not help: it did not answer in time (`timeout`), it failed (`error`), it held something that is no token
   * for this client (`unreadable`), or the process that had the lease took too long (`busy`). Unless it is `unreadable`,
   * this process then makes a token request of its own. `code` is that of the store's error, where it has one.
   */
  | {
      readonly type: 'store-failed';
      readonly operation: StoreOperation;
      readonly reason: StoreFailureReason;
      readonly code: string | undefined;
    };

/** What was asked of a store. */
export type StoreOperation = 'get' | 'set' | 'lease' | 'release';

/** Why a request went without a token. */
export type PassedReason = 'authorization' | 'origin' | 'own-endpoint' | 'opted-out' | 'insecure';

/** Why a store did not help. */
export type StoreFailureReason = 'timeout' | 'error' | 'unreadable' | 'busy';

/** What happened to a token. Published to `onEvent` and, on Node, to the diagnostics channel `tokenline`. */
export type TokenEvent = TokenEventDetails & EventBase;

/** A function that is called with every event. What it throws is ignored. */
export type TokenEventListener = (event: TokenEvent) => void;

interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

interface Diagnostics {
  channel(name: string): Channel;
}

/** Where the events of one source go. */
export class Events {
  readonly #clock: Clock;
  readonly origin: EventOrigin;
  readonly #listener: TokenEventListener | undefined;
  // Found without an import so that core stays free of `node:`.
  readonly #channel: Channel | undefined = builtin<Diagnostics>('node:diagnostics_channel')?.channel?.('tokenline');

  constructor(clock: Clock, origin: EventOrigin, listener: TokenEventListener | undefined) {
    this.#clock = clock;
    this.origin = origin;
    this.#listener = listener;
  }

  /** Whether anybody listens. On a hot path, check this before you build an event. */
  get observed(): boolean {
    return this.#listener !== undefined || this.#channel?.hasSubscribers === true;
  }

  emit(scope: string | undefined, details: TokenEventDetails, acquisition?: number): void {
    if (!this.observed) return;
    const event: TokenEvent = { ...details, time: this.#clock.now(), ...this.origin, scope, acquisition };
    try {
      // A listener may be an async function, whatever its type says.
      Promise.resolve(this.#listener?.(event)).catch(() => {});
    } catch {
      // A listener's failure must not fail a request.
    }
    this.#channel?.publish(event);
  }
}
