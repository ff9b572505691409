import { invalidOption } from '../common/errors.ts';
import { readFunction, readUrl } from '../common/options.ts';
import { Http } from './http.ts';

/** Which authorization server issues the tokens. */
export interface ServerOptions {
  /**
   * The authorization server, whose metadata (OpenID Connect Discovery or RFC 8414) names the token endpoint; exactly as the
   * server itself spells it. The full URL of a metadata document will do too. Give this or {@link tokenEndpoint}.
   */
  readonly issuer?: string | URL | undefined;
  /** The token endpoint, where there is no metadata or you do not want it to be fetched. Give this or {@link issuer}. */
  readonly tokenEndpoint?: string | URL | undefined;
  /** Sends discovery and token requests. @defaultValue the global `fetch` */
  readonly fetch?: typeof fetch | undefined;
}

export const serverOptionNames: readonly (keyof ServerOptions)[] = ['issuer', 'tokenEndpoint', 'fetch'];

/** The authorization server as the options name it. */
export interface Server {
  readonly url: URL;
  /** Whether the URL is that of the issuer; otherwise it is that of the token endpoint. */
  readonly isIssuer: boolean;
  readonly allowInsecureRequests: boolean;
  readonly http: Http;
}

/** @throws TypeError (`ERR_INVALID_OPTION`) when there is no server, or two, or an option is malformed. */
export function readServer(options: ServerOptions, allowInsecureRequests: boolean): Server {
  const { issuer, tokenEndpoint } = options;
  if ((issuer === undefined) === (tokenEndpoint === undefined))
    throw invalidOption('give either issuer, to find the token endpoint by discovery, or tokenEndpoint');
  const isIssuer = issuer !== undefined;
  const url = readUrl(isIssuer ? 'issuer' : 'tokenEndpoint', issuer ?? tokenEndpoint, allowInsecureRequests);
  // The global fetch is looked up at every call, so that one that is installed later (by a proxy or a test) is used.
  const send = readFunction('fetch', options.fetch) ?? ((input, init) => globalThis.fetch(input, init));
  return { url, isIssuer, allowInsecureRequests, http: new Http(send) };
}
