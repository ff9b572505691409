import { invalidOption } from '../common/errors.ts';
import { clientOptionNames, readClient } from '../credentials/client.ts';
import { assertFree } from '../credentials/grant.ts';
import { readServer, serverOptionNames } from '../server/server.ts';
import { TokenEndpoint } from '../server/token-endpoint.ts';
import type { TokenSourceOptions } from './options.ts';
import { readSourceOptions } from './read-options.ts';
import { renewingTokenSource } from './renewing-token-source.ts';
import type { ClientTokenSource } from './token-source.ts';

/**
 * Creates a source of access tokens for this client, using the client credentials grant unless `grant` is another.
 *
 * Nothing is sent until the first {@link TokenSource.getToken | getToken()}. From then on the source keeps one token: callers
 * that arrive together share one token request, an ageing token is renewed in the background while it is still handed out,
 * and a failed renewal is reported only to callers who no longer have a usable token.
 *
 * @example
 * ```ts
 * const source = createTokenSource({
 *   issuer: 'https://login.example.com',
 *   clientId: 'orders',
 *   clientSecret: process.env.CLIENT_SECRET,
 *   scope: 'orders.read orders.write',
 * });
 * const { value } = await source.getToken();
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) when an option is missing or contradicts another; thrown here, not by `getToken()`.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4 | RFC 6749 §4.4}
 */
export function createTokenSource(options: TokenSourceOptions): ClientTokenSource {
  if (options && Object.hasOwn(options, 'acquire'))
    throw invalidOption(
      'createTokenSource has no option "acquire": createCustomTokenSource makes a source over a function',
    );
  const names = [...serverOptionNames, ...clientOptionNames];
  const { own, settings } = readSourceOptions('createTokenSource', options, names);
  const client = readClient(own, settings.clock);
  // A stored token does not say whose it is: another process would take it for its own subject's.
  if (settings.join !== undefined && own.grant !== undefined)
    throw invalidOption('store is for client credentials, not for a grant');
  const server = readServer(own, settings.allowInsecureRequests);
  const { clientId, authenticator, grant, prover } = client;
  const { href } = server.url;
  const origin = {
    acquirer: new TokenEndpoint(client, server, settings),
    name: { server: href, ...(clientId !== undefined && { clientId }) },
    ownUrls: server.http.urls,
    prover,
    assertFree: (name: string) => assertFree(name, grant.names),
    // Two clients meet where the same token is good for both. With another secret, a client is still the same.
    shapeOf: async ({ key }: { readonly key: string }) => {
      const kind = server.isIssuer ? 'issuer' : 'token endpoint';
      // A token that is bound to a key is of no use without that key.
      const thumbprint = prover === undefined ? null : await prover.thumbprint();
      return [kind, href, clientId, authenticator?.method ?? null, thumbprint, key];
    },
  };
  return renewingTokenSource(origin, settings, own);
}
