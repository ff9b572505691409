import type { Settings } from '../source/settings.ts';
import type { TokenRequestParameters } from '../lifecycle/token-parameters.ts';

/**
 * The name of a token in a store: a hash of all that shapes its request, so that two clients meet exactly where the same
 * token is good for both. The secret is no part of it: with another one the client is still the same.
 */
export async function storeKey(settings: Settings, parameters: TokenRequestParameters): Promise<string> {
  const { server, serverIs, clientId, clientAuthentication, proofKey } = settings;
  const shape = [
    'tokenline 1',
    serverIs === 'issuer' ? 'issuer' : 'token endpoint',
    server.href,
    clientId,
    clientAuthentication?.method ?? null,
    // A token that is bound to a key is of no use without that key.
    proofKey === undefined ? null : await (await proofKey.handle).calculateThumbprint(),
    parameters.key,
  ];
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(shape)));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
