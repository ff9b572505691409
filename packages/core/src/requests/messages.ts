import type { AnyToken } from '../common/access-token.ts';
import type { TokenParameters } from '../lifecycle/token-parameters.ts';
import type { TokenSource } from '../source/token-source.ts';
import type { AnyHeaders } from './headers.ts';
import type { PresentedToken } from './presented-token.ts';

/**
 * Tells whether an answer refuses the token, for APIs that say so in their own way: with a 403 or a 400, say, or with a 401
 * that has nothing to do with the token. Where it returns `true`, the token is renewed and the request is sent again, once. It
 * decides about every answer, a 200 too: with `false`, a 401 is final. `undefined` leaves the decision to tokenline.
 */
export type Refused = (answer: { readonly status: number; readonly headers: Headers }) => boolean | undefined;

/** The token for one request: `false` for none, or the scope, resource, audience or parameters of another one. */
export type BearerAuthRequest = false | (TokenParameters & RequestRules);

/** How to read the answer to one request. */
export interface RequestRules {
  /** Which answers refuse the token. @defaultValue that of `bearerAuth`, or a 401 that asks for another token */
  readonly refused?: Refused | undefined;
}

/** A request that is about to be sent. */
export interface OutgoingRequest {
  /** The absolute URL of this very hop. */
  readonly url: string;
  /** The HTTP method. @defaultValue `GET` */
  readonly method?: string | undefined;
  /** Ends the wait for a token, with its reason. @defaultValue none */
  readonly signal?: AbortSignal | null | undefined;
  /** The headers that it has already. A request that has an `Authorization` gets no token, unless `replace` is set. @defaultValue none */
  readonly headers?: AnyHeaders;
  /** What the caller said of the token for this request. @defaultValue the token of the source */
  readonly bearerAuth?: BearerAuthRequest | undefined;
}

/** The parts of an answer that matter. A `Response` has them. */
export interface IncomingResponse {
  /** The HTTP status. */
  readonly status: number;
  /** All headers of the answer. */
  readonly headers: AnyHeaders;
  /** Where the answer came from; empty or absent where that is not known. */
  readonly url?: string | undefined;
  /** Whether a redirect was followed. */
  readonly redirected?: boolean | undefined;
  /**
   * Whether the request that it answers carried the token.
   * @defaultValue whether no redirect led to another origin, since clients drop the token on the way
   */
  readonly carried?: boolean | undefined;
}

/** Where a token may go, and how it is presented. */
export interface Rules {
  readonly replace: boolean;
  allows(url: string): boolean;
  present(token: AnyToken): PresentedToken;
}

/** The request, its token source, and the rules on where the token may go. */
export interface Context {
  readonly rules: Rules;
  readonly refused: Refused | undefined;
  readonly source: TokenSource;
  readonly request: OutgoingRequest;
}
