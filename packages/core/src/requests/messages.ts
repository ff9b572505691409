import type { AccessToken } from '../common/access-token.ts';
import type { TokenParameters } from '../lifecycle/token-parameters.ts';
import type { AnyHeaders } from './headers.ts';

/**
 * Tells whether an answer refuses the token, for APIs that say so in their own way: with a 403 or a 400, say, or with a 401
 * that has nothing to do with the token. Where it returns `true`, the token is renewed and the request is sent again, once.
 */
export type Refused = (answer: { readonly status: number; readonly headers: Headers }) => boolean;

/** What one request may say of its token: `false` for none, or the scope, resource or audience of another one. */
export type BearerAuthRequest = false | (TokenParameters & RequestRules);

/** What one request may say of its answer. */
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
  readonly signal?: AbortSignal | null | undefined;
  /** The headers that it has already. An `Authorization` among them is respected. */
  readonly headers?: AnyHeaders;
  readonly bearerAuth?: BearerAuthRequest | undefined;
}

/** What an answer must tell. A `Response` does. */
export interface IncomingResponse {
  readonly status: number;
  readonly headers: AnyHeaders;
  /** Where the answer came from; empty or absent where that is not known. */
  readonly url?: string | undefined;
  /** Whether a redirect was followed. */
  readonly redirected?: boolean | undefined;
}

/** Where a token may go, and how it is presented. */
export interface Rules {
  readonly replace: boolean;
  allows(url: string): boolean;
  headersOf(token: AccessToken): Readonly<Record<string, string>>;
}
