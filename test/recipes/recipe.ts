import type { Issuer } from './issuer.ts';

/** What a recipe talks to, in its place. */
export interface StandIn {
  readonly issuer: Issuer;
  /** What the recipe says in another way, so that it talks to the stand-in: each key is replaced by its value. */
  readonly changes: Readonly<Record<string, string>>;
  /** Environment variables for the recipe. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Makes the current token worthless, so that another one is to be had. */
  revoke(): void | Promise<void>;
  /** Does what is due by now. */
  tick?(): Promise<void>;
  readonly close: () => Promise<void>;
}

/** A recipe of the page, and what it is tried on. */
export interface Recipe<T extends StandIn = StandIn> {
  /** Its heading. */
  readonly heading: string;
  /** What it is tried on, where the recipe fits several services. */
  readonly service: string;
  /** The `WWW-Authenticate` header of the APIs that take these tokens. */
  readonly challenge?: string;
  readonly start: () => Promise<T>;
}
