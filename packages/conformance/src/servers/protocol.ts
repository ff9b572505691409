// What the script and the servers say to each other, as JSON over HTTP. No code: both sides import the types alone.

/** A key of a client that signs its assertions. */
export interface ClientKey {
  readonly algorithm: 'ES256' | 'RS256' | 'PS256' | 'EdDSA';
  readonly jwk: JsonWebKey;
  readonly pem: string;
}

/** A new world: an identity server, an API, and another API that the token is none of the business of. */
export interface WorldDescription {
  /** Where to ask about it, and to change it. */
  readonly url: string;
  /** What `createTokenSource` is told. */
  readonly client: {
    readonly issuer: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly scope: string;
  };
  readonly tokenEndpoint: string;
  readonly api: string;
  readonly foreign: string;
  /** An origin where nobody listens. */
  readonly nowhere: string;
  /** A secret that is long enough to sign with. Clients that have it are named after their authentication method. */
  readonly longSecret: string;
  /** The clients that have a key, by their identifiers. */
  readonly keys: Readonly<Record<string, ClientKey>>;
}

/** An answer of the API. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Never answers. */
  readonly hangs?: boolean;
}

/** What is to change in a world. */
export interface Change {
  readonly revokeAll?: boolean;
  readonly outage?: 'unavailable' | 'hanging' | 'invalid_client' | 'none';
  /** How long the tokens issued from now on live, in milliseconds. */
  readonly lifetime?: number;
  /** Has the API take DPoP-bound tokens alone. */
  readonly guarded?: boolean;
  /** Has the token endpoint demand a nonce in each proof. */
  readonly requireNonces?: boolean;
  /** The nonce that the API demands in each proof. */
  readonly nonce?: string;
  /** What the API answers to the next requests. */
  readonly next?: readonly ScriptedAnswer[];
}

/** A request as an API received it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization?: string;
  readonly proof?: string;
  readonly bytes: number;
}

/** What happened in a world so far. */
export interface Sight {
  readonly tokenRequests: number;
  readonly api: readonly SeenRequest[];
  readonly foreign: readonly SeenRequest[];
  /** How many proofs the API accepted. */
  readonly acceptedProofs: number;
}

/** What became of one case. */
export interface Result {
  /** The package that it is about: `core` or a client. */
  readonly about: string;
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'left out';
  /** Why it failed or was left out. */
  readonly reason?: string;
}

/** What the script of a runtime has to report. */
export interface Report {
  readonly results: readonly Result[];
  /** Whether the script came to its end. */
  readonly done: boolean;
}
