import { methodOf } from '../arguments/client-authentication.ts';
import type { Visit } from './visit.ts';

const grants: Readonly<Record<string, string>> = {
  'jwt-bearer': 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'token-exchange': 'urn:ietf:params:oauth:grant-type:token-exchange',
  'refresh-token': 'refresh_token',
};

/** Compares what the server offers with what is asked of it. Metadata may be wrong: nothing here is a problem by itself. */
export function checkOffers({ report, args }: Visit, metadata: Readonly<Record<string, unknown>>): void {
  const offered = (name: string): readonly string[] | undefined => {
    const list = metadata[name];
    return Array.isArray(list) ? list.map(String) : undefined;
  };
  const compare = (id: string, what: string, wanted: readonly string[], name: string): void => {
    const list = offered(name);
    const missing = wanted.filter((each) => list && !list.includes(each));
    if (missing.length > 0)
      report.add(
        'note',
        id,
        `the metadata does not offer ${what} ${missing.join(' ')}`,
        `${name}: ${list?.slice(0, 20).join(' ')}`,
      );
  };
  const methods = offered('token_endpoint_auth_methods_supported');
  report.add('ok', 'methods', `the server offers ${methods?.join(', ') ?? 'no list of authentication methods'}`);
  const method = methodOf(args);
  if (method !== undefined) compare('method', 'the method', [method], 'token_endpoint_auth_methods_supported');
  const { grant = 'client_credentials', alg, scope = [], dpop, dpopKey } = args;
  compare(
    'grant',
    'the grant',
    [grants[grant] ?? grant.replace('client-credentials', 'client_credentials')],
    'grant_types_supported',
  );
  if (alg !== undefined)
    compare('algorithm', 'the algorithm', [alg], 'token_endpoint_auth_signing_alg_values_supported');
  compare('scope', 'the scope', scope.flatMap((each) => each.split(' ')).filter(Boolean), 'scopes_supported');
  if (dpop ?? dpopKey) compare('dpop', 'DPoP with', ['ES256'], 'dpop_signing_alg_values_supported');
  if (method?.includes('tls_client_auth') && metadata['mtls_endpoint_aliases'] === undefined)
    report.add('note', 'mtls', 'the metadata names no endpoint of its own for client certificates');
}
