import type { ClientName } from './clients/client.ts';

/** Where a contender gets its tokens, and what it spends them on. */
export interface Target {
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string;
  /** The origin of the API. */
  readonly api: string;
  /** Whether requests to the API end in a stub of the client's transport, and never leave. */
  readonly stubbed: boolean;
  /** A token that the API always takes: what a hard-coded header holds. */
  readonly token: string;
}

/** Sends a GET for a path of the API and gives the status of the answer; rejects where there is none. */
export type Get = (path: string) => Promise<number>;

/** One way to have a token on every request. */
export interface Contender {
  readonly name: string;
  /** The client that it works with. The floor of that client is what it is compared with. */
  readonly client: ClientName;
  readonly role: 'floor' | 'reference' | 'tokenline' | 'peer';
  /** What one imports for it, beside the client: names by package. */
  readonly imports: Readonly<Record<string, readonly string[]>>;
  /** How the README of the package has it, and what had to be added. */
  readonly usage: string;
  open(target: Target): Running;
  /** Holds tokens, where the contender keeps any; one scope at a time where it knows no more. */
  hold?(target: Target): Holder;
}

/** A contender at work. */
export interface Running {
  readonly get: Get;
  close(): Promise<void> | void;
}

/** A token for one scope, kept for the next time that it is asked for. */
export interface Held {
  getToken(): Promise<unknown>;
  /** What has to be kept alive for that, where the contender has no cache that does. */
  readonly keep: unknown;
}

/** Makes a contender hold a token for a scope. */
export type Holder = (scope: string) => Held;
