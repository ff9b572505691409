import { invalidOption } from '../common/errors.ts';
import { readFunction, readUrl } from '../common/options.ts';
import { type Credential, isCredential } from '../credentials/credential.ts';
import { type Fetch, Http } from './http.ts';

/** Which authorization server issues the tokens. */
export interface ServerOptions {
  /**
   * The authorization server, whose metadata (OpenID Connect Discovery or RFC 8414) names the token endpoint; exactly as the
   * server itself spells it. The full URL of a metadata document will do too. Give this or {@link tokenEndpoint}.
   */
  readonly issuer?: string | URL | undefined;
  /** The token endpoint, where there is no metadata or you do not want it to be fetched. Give this or {@link issuer}. */
  readonly tokenEndpoint?: string | URL | undefined;
  /**
   * Where tokens are revoked (RFC 7009), for a server whose metadata does not say so.
   * @defaultValue the `revocation_endpoint` of the metadata
   */
  readonly revocationEndpoint?: string | URL | undefined;
  /**
   * Further headers of token requests and revocations, for gateways that want some. A function is called for every token request, and may be
   * asynchronous; each value is treated as a secret. Headers that the protocol sets are a `TypeError` (`ERR_INVALID_OPTION`).
   * @defaultValue none
   */
  readonly headers?: Readonly<Record<string, Credential>> | undefined;
  /** Sends discovery, token requests and revocations. @defaultValue the global `fetch` */
  readonly fetch?: Fetch | undefined;
}

export const serverOptionNames: readonly (keyof ServerOptions)[] = [
  'issuer',
  'tokenEndpoint',
  'revocationEndpoint',
  'headers',
  'fetch',
];

const reserved = ['authorization', 'content-length', 'content-type', 'dpop', 'host'];

/** The authorization server as the options name it. */
export interface Server {
  readonly url: URL;
  /** Whether the URL is that of the issuer; otherwise it is that of the token endpoint. */
  readonly isIssuer: boolean;
  readonly revocationEndpoint: string | undefined;
  readonly headers: readonly (readonly [name: string, value: Credential])[];
  readonly allowInsecureRequests: boolean;
  readonly http: Http;
}

/** @throws TypeError (`ERR_INVALID_OPTION`) when there is no server, or two, or an option is malformed. */
export function readServer(options: ServerOptions, allowInsecureRequests: boolean): Server {
  const { issuer, tokenEndpoint, revocationEndpoint: revocation } = options;
  if (issuer !== undefined && tokenEndpoint !== undefined)
    throw invalidOption('issuer and tokenEndpoint are both given: give one of them');
  if (issuer === undefined && tokenEndpoint === undefined)
    throw invalidOption('give either issuer, to find the token endpoint by discovery, or tokenEndpoint');
  const isIssuer = issuer !== undefined;
  const url = readUrl(isIssuer ? 'issuer' : 'tokenEndpoint', issuer ?? tokenEndpoint, allowInsecureRequests);
  // The global fetch is looked up at every call, so that one that is installed later (by a proxy or a test) is used.
  const send = readFunction('fetch', options.fetch) ?? ((input, init) => globalThis.fetch(input, init));
  const revocationEndpoint =
    revocation === undefined ? undefined : readUrl('revocationEndpoint', revocation, allowInsecureRequests).href;
  const headers = readHeaders(options.headers);
  return { url, isIssuer, revocationEndpoint, headers, allowInsecureRequests, http: new Http(send) };
}

function readHeaders(headers: ServerOptions['headers'] = {}): [string, Credential][] {
  if (Object.prototype.toString.call(headers) !== '[object Object]')
    throw invalidOption('headers must be an object of names and values');
  return Object.entries(headers).map(([name, value]) => {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw invalidOption('headers has a name that no header can have');
    if (reserved.includes(name.toLowerCase())) throw invalidOption(`headers must not set "${name}": the protocol does`);
    if (!isCredential(value)) throw invalidOption(`headers.${name} must be a string that is not empty, or a function`);
    return [name, value];
  });
}
