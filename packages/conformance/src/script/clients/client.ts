import type { BearerAuthOptions, TokenSource } from '@tokenline/core';
import type { BodyKind } from '../bodies.ts';

/** A request, in words that each client translates into its own. */
export interface Outgoing {
  /** A path of the API. */
  readonly path: string;
  /** A new body of this kind; with one, the request is a POST. */
  readonly body?: BodyKind;
  readonly signal?: AbortSignal;
}

export interface Incoming {
  readonly status: number;
  readonly text: string;
}

/** A client of the API, with its tokens. */
export interface Client {
  /** Sends a request. A status is no failure. */
  send(request: Outgoing): Promise<Incoming>;
  /** What a user has in hand after a GET: the response, or the client's own error for a status. */
  result(path: string): Promise<unknown>;
  close?(): void;
}

/** One HTTP client, and what it can do. */
export interface Driver {
  readonly name: string;
  /** The bodies that are sent again. */
  readonly replayed: readonly BodyKind[];
  /** The bodies that are used up: the first answer is handed over. */
  readonly usedUp: readonly BodyKind[];
  create(api: string, source: TokenSource, options?: BearerAuthOptions): Client;
}
