import type { BearerAuthOptions, BearerAuthRequest, TokenSource } from '@tokenline/core';
import type { BodyKind } from './body.ts';

/** What happens to a body when the first attempt was answered with 401; or why the client itself cannot send it. */
export type BodyPromise = 'replayed' | 'handed over' | { readonly unsupported: string };

/** What a client may honestly lack. */
export type Gap =
  | 'answer without an end'
  | 'upload without an end'
  | 'cause of a 401'
  | 'hooks added before'
  | 'hooks added after'
  | 'own retries'
  | 'redirects'
  | 'redirects between origins'
  | 'redirects back'
  | 'redirects with a proof'
  | 'own time-out'
  | 'request without token'
  | 'request with another scope';

/** An adapter with one version of its client, driven the same way as any other. */
export interface AdapterUnderTest {
  /** The client and its version: `'axios 1.21.1'`. */
  readonly name: string;
  /** The `bearerAuth` of the adapter, as it is. */
  readonly bearerAuth: (client: never, source: TokenSource, options?: BearerAuthOptions) => unknown;
  /** A client without a base URL. */
  bareClient(): unknown;
  /** Makes a client with a token, as a user would. */
  create(options: ClientOptions): ClientUnderTest;
  /** Whether an error is the one that the client itself gives when a signal is aborted with this reason. */
  isAbort(error: unknown, reason: unknown): boolean;
  /** Whether an error is the one that the client itself gives when its own time-out has passed. */
  isTimeout(error: unknown): boolean;
  /** What the adapter promises for each kind of body. */
  readonly bodies: Readonly<Record<BodyKind, BodyPromise>>;
  /** What there is not, each with its reason. */
  readonly gaps: Readonly<Partial<Record<Gap, string>>>;
}

/** What a client is made with. */
export interface ClientOptions {
  readonly source: TokenSource;
  readonly baseUrl: string;
  readonly origins?: readonly string[];
  /** What else `bearerAuth` is told. */
  readonly rules?: Omit<BearerAuthOptions, 'origins'>;
  /** How often the client retries by itself. @defaultValue 0 */
  readonly retries?: number;
  /** The client's own time-out, in milliseconds. @defaultValue none */
  readonly timeout?: number;
  /** What the user hooks in. */
  readonly hooks?: Hooks;
  /** How often `bearerAuth` is applied. @defaultValue once */
  readonly attached?: number;
}

/** A user's own hooks, interceptors or wrappers. */
export interface Hooks {
  /** Whether they were there before `bearerAuth`, or came after. */
  readonly added: 'before' | 'after';
  /** To be called with `'request'` for every request, and with the status of every response. */
  saw(event: 'request' | number): void;
}

/** A client with a token. */
export interface ClientUnderTest {
  /** Resolves to the answer, whatever its status; rejects where there was none, with the client's own error. */
  request(request: RequestUnderTest): Promise<Outcome>;
  /** Closes the connections. */
  close(): Promise<void>;
}

/** A request, as every client can make it. */
export interface RequestUnderTest {
  /** @defaultValue `'GET'` */
  readonly method?: string;
  /** An absolute URL, or a path below the base URL. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly kind: BodyKind; readonly value: unknown };
  readonly signal?: AbortSignal;
  readonly bearerAuth?: BearerAuthRequest;
}

/** An answer, as every client can give it. */
export interface Outcome {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The error that the client made of the answer, if it did. */
  readonly error?: unknown;
}
