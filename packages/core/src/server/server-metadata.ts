import type { AuthorizationServer } from 'oauth4webapi';
import type { Answer } from './answer.ts';
import { TokenError } from '../common/errors.ts';
import { isSecure } from '../common/secure-url.ts';
import type { Settings } from '../source/settings.ts';

/** The authorization server as far as this client needs it: its endpoints are those for this client. */
export type ServerMetadata = Pick<
  AuthorizationServer,
  'issuer' | 'token_endpoint_auth_methods_supported' | 'revocation_endpoint'
> & { readonly token_endpoint: string };

/** The endpoints for connections with a client certificate, where the server has such. */
type Aliases = { readonly token_endpoint?: unknown; readonly revocation_endpoint?: unknown } | null | undefined;

/**
 * Reads a metadata document.
 *
 * @throws TokenError (`ERR_DISCOVERY_RESPONSE`, or `ERR_ISSUER_MISMATCH` for that of another issuer).
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414.html#section-3.3 | RFC 8414 §3.3}
 */
export function readMetadata(answer: Answer, url: string, issuer: URL, settings: Settings): ServerMetadata {
  const invalid = (what: string): TokenError =>
    new TokenError('ERR_DISCOVERY_RESPONSE', `the answer of ${url} is no authorization server metadata: ${what}`);
  const metadata = answer.body;
  const found = metadata?.['issuer'];
  if (metadata === undefined || !isUrl(found)) throw invalid('it must be a JSON object with an issuer');
  // Parsed, since servers differ on a host's slash, and since a message is no place for control characters.
  const { href } = new URL(found);
  if (href !== issuer.href) {
    const message = `the metadata at ${url} belongs to the issuer "${href.slice(0, 500)}", not to "${issuer.href}": pass the former as issuer if that is meant`;
    throw new TokenError('ERR_ISSUER_MISMATCH', message);
  }
  // Some servers ask for client certificates at other endpoints only (RFC 8705 §5).
  const aliases = settings.clientAuthentication?.mutualTls ? (metadata['mtls_endpoint_aliases'] as Aliases) : undefined;
  const isAllowed = (endpoint: string): boolean => {
    const { protocol } = new URL(endpoint);
    const secure = issuer.protocol === 'https:' ? protocol === 'https:' : isSecure(new URL(endpoint));
    return secure || (settings.allowInsecureRequests && protocol === 'http:');
  };
  const endpoint = aliases?.token_endpoint ?? metadata['token_endpoint'];
  if (!isUrl(endpoint)) throw invalid('its token_endpoint is no URL');
  if (!isAllowed(endpoint)) throw invalid(`its token_endpoint ${endpoint} does not use https`);
  const methods = metadata['token_endpoint_auth_methods_supported'];
  const revocation = aliases?.revocation_endpoint ?? metadata['revocation_endpoint'];
  return {
    issuer: found,
    token_endpoint: endpoint,
    ...(Array.isArray(methods) ? { token_endpoint_auth_methods_supported: methods as string[] } : {}),
    // Tokens can be had without it: one that is of no use is as good as none.
    ...(isUrl(revocation) && isAllowed(revocation) ? { revocation_endpoint: revocation } : {}),
  };
}

function isUrl(value: unknown): value is string {
  return typeof value === 'string' && URL.canParse(value);
}
