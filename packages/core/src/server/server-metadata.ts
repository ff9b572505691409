import type { AuthorizationServer } from 'oauth4webapi';
import { TokenError } from '../common/errors.ts';
import { ownCopy } from '../common/own.ts';
import { isSecure } from '../common/secure-url.ts';
import { kindOf, type ServerResponse } from './http.ts';

/** The authorization server as far as this client needs it: its endpoints are those for this client. */
export type ServerMetadata = Pick<
  AuthorizationServer,
  'issuer' | 'token_endpoint_auth_methods_supported' | 'revocation_endpoint'
> & { readonly token_endpoint: string };

/** What is expected of a metadata document. */
export interface MetadataRules {
  readonly issuer: URL;
  readonly allowInsecureRequests: boolean;
  /** Whether the client authenticates by a certificate, for which some servers have endpoints of their own (RFC 8705 §5). */
  readonly mutualTls: boolean;
}

/** The endpoints for connections with a client certificate. */
type Aliases = { readonly token_endpoint?: unknown; readonly revocation_endpoint?: unknown } | undefined;

/**
 * Reads a metadata document.
 *
 * @throws TokenError (`ERR_DISCOVERY_RESPONSE`, or `ERR_ISSUER_MISMATCH` when it is that of another issuer).
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414.html#section-3.3 | RFC 8414 §3.3}
 */
export function readMetadata(response: ServerResponse, url: string, rules: MetadataRules): ServerMetadata {
  const { body: metadata } = response;
  const { issuer, allowInsecureRequests, mutualTls } = rules;
  const invalid = (what: string): TokenError =>
    new TokenError('ERR_DISCOVERY_RESPONSE', `the answer of ${url} is no authorization server metadata: ${what}`);
  const found = metadata?.['issuer'];
  if (metadata === undefined) throw invalid(kindOf(response));
  if (!isUrl(found)) throw invalid('it must be a JSON object with an issuer');
  // Parsed, since servers differ on a host's slash, and so that no control characters get into the message.
  const { href, protocol, username, password } = new URL(found);
  if (username !== '' || password !== '') throw invalid('its issuer holds credentials');
  if (href !== issuer.href) {
    // A template, or the address behind a proxy, is nowhere to be fetched from.
    const unreachable = /[{}]|%7[bd]/i.test(href) || protocol !== issuer.protocol;
    const advice = unreachable
      ? 'give tokenEndpoint instead of issuer'
      : 'pass the former as issuer if its metadata can be fetched there, or give tokenEndpoint instead';
    const message = `the metadata at ${url} belongs to the issuer "${href.slice(0, 500)}", not to "${issuer.href}": ${advice}`;
    throw new TokenError('ERR_ISSUER_MISMATCH', message);
  }
  const aliases: Aliases = mutualTls ? ownCopy(Object(metadata['mtls_endpoint_aliases'])) : undefined;
  // An https issuer cannot lead to plain http, not even on loopback.
  const isAllowed = (endpoint: string): boolean =>
    issuer.protocol === 'https:' && !allowInsecureRequests
      ? new URL(endpoint).protocol === 'https:'
      : isSecure(new URL(endpoint), allowInsecureRequests);
  const endpoint = aliases?.token_endpoint ?? metadata['token_endpoint'];
  if (endpoint === undefined) throw invalid('it has no token_endpoint: give tokenEndpoint instead of issuer');
  if (!isEndpoint(endpoint)) throw invalid('its token_endpoint is no URL that can be used');
  if (!isAllowed(endpoint)) throw invalid(`its token_endpoint ${endpoint} does not use https`);
  const methods = metadata['token_endpoint_auth_methods_supported'];
  const revocation = aliases?.revocation_endpoint ?? metadata['revocation_endpoint'];
  return ownCopy({
    issuer: found,
    token_endpoint: endpoint,
    ...(Array.isArray(methods) ? { token_endpoint_auth_methods_supported: methods as string[] } : {}),
    // Tokens can be had without it, so one that is of no use is left out.
    ...(isEndpoint(revocation) && isAllowed(revocation) ? { revocation_endpoint: revocation } : {}),
  });
}

function isUrl(value: unknown): value is string {
  return typeof value === 'string' && URL.canParse(value);
}

/** Whether it is a URL that can be used, and shown in messages: without credentials, in printable characters, of usual length. */
export function isEndpoint(value: unknown): value is string {
  if (!isUrl(value) || !/^[\x21-\x7e]{1,2000}$/.test(value)) return false;
  const { username, password } = new URL(value);
  return username === '' && password === '';
}
