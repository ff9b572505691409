import { revocationRequest } from 'oauth4webapi';
import { OAuthError } from '../common/errors.ts';
import type { AuthenticatedRequest } from './authenticated-request.ts';
import type { ServerMetadata } from './server-metadata.ts';

/**
 * Makes an access token worthless; `false` where the server revokes other tokens only.
 *
 * @param remark - what an error adds where the server refuses the client.
 * @throws TokenError when the server refuses, or cannot be reached.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009.html#section-2 | RFC 7009 §2}
 */
export async function revokeToken(
  request: AuthenticatedRequest,
  server: ServerMetadata & { readonly revocation_endpoint: string },
  token: string,
  remark: string,
): Promise<boolean> {
  const { client, authentication } = request;
  const endpoint = server.revocation_endpoint;
  const options = { ...request.options, additionalParameters: { token_type_hint: 'access_token' } };
  const response = await request.send(endpoint, () =>
    revocationRequest(server, client, authentication, token, options),
  );
  if (response.ok) return true;
  const error = request.refusal(endpoint, response, 'the revocation', remark);
  if (error instanceof OAuthError && error.error === 'unsupported_token_type') return false;
  throw error;
}
