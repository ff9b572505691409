import { introspectionRequest } from 'oauth4webapi';
import { systemClock } from '../common/clock.ts';
import { TokenError } from '../common/errors.ts';
import { readUrl } from '../common/options.ts';
import { ownCopy } from '../common/own.ts';
import { readClient, readSecret } from '../credentials/client.ts';
import { Authentication } from '../server/authentication.ts';
import { kindOf } from '../server/http.ts';
import { readServer } from '../server/server.ts';
import type { TokenSourceOptions } from './options.ts';

/** What the metadata says of a server that introspects tokens. */
export interface IntrospectingServer {
  readonly issuer: string;
  readonly token_endpoint: string;
  readonly introspection_endpoint: string;
  readonly token_endpoint_auth_methods_supported?: string[];
}

/**
 * Asks the server what it knows of a token. The client authenticates as it does for tokens.
 *
 * @param options - those of a source.
 * @throws TokenError when the server refuses, or cannot be reached, or the reason of the signal; TypeError
 * (`ERR_INVALID_OPTION`) for the mistakes that `createTokenSource` refuses, and for an endpoint without https.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7662.html#section-2 | RFC 7662 §2}
 */
export async function introspect(
  options: TokenSourceOptions,
  server: IntrospectingServer,
  token: string,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  const { clock = systemClock, allowInsecureRequests = false } = options;
  const endpoint = readUrl('introspection_endpoint', server.introspection_endpoint, allowInsecureRequests).href;
  const client = readClient(options, clock);
  const authentication = new Authentication(client, readServer(options, allowInsecureRequests), clock);
  const secret = await readSecret(client);
  const metadata = ownCopy({ ...server });
  return authentication.inEachWay(metadata, async ({ authenticator, remark }) => {
    const presented = { authenticator, secret, confidential: [token], prover: undefined };
    const request = await authentication.request(presented, signal);
    const { client: self, authentication: proof, options: attempt } = request;
    const response = await request.send(endpoint, () =>
      introspectionRequest(metadata, self, proof, token, {
        ...attempt,
        additionalParameters: { token_type_hint: 'access_token' },
      }),
    );
    if (!response.ok) throw request.refusal(endpoint, response, 'the introspection', remark);
    if (response.body === undefined)
      throw new TokenError('ERR_TOKEN_RESPONSE', `the answer of ${endpoint} is no introspection: ${kindOf(response)}`);
    return response.body;
  });
}
