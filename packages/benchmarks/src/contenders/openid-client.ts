import * as client from 'openid-client';
import { fetchOf } from '../clients/fetch.ts';
import type { Contender, Target } from '../contender.ts';

/** A certified client of the protocol: it keeps no tokens. */
export const openidClient: Contender = {
  name: 'openid-client',
  client: 'fetch',
  role: 'peer',
  imports: { 'openid-client': ['clientCredentialsGrant', 'Configuration', 'discovery', 'fetchProtectedResource'] },
  usage:
    '`clientCredentialsGrant()`, again when `tokens.expiresIn()` is 0, and `fetchProtectedResource()`; the variable is ours',
  open(target) {
    const { config, getToken } = configure(target);
    return {
      get: async (path) => {
        try {
          const token = await getToken();
          const response = await client.fetchProtectedResource(config, token, new URL(path, target.api), 'GET');
          await response.arrayBuffer();
          return response.status;
        } catch (error) {
          if (error instanceof client.WWWAuthenticateChallengeError) return error.status;
          throw error;
        }
      },
      close: () => {},
    };
  },
  hold: (target) => (scope) => {
    const { getToken } = configure({ ...target, scope });
    return { getToken, keep: getToken };
  },
};

function configure({ tokenEndpoint, clientId, clientSecret, scope, stubbed }: Target): {
  config: client.Configuration;
  getToken: () => Promise<string>;
} {
  const config = new client.Configuration(
    { issuer: new URL(tokenEndpoint).origin, token_endpoint: tokenEndpoint },
    clientId,
    clientSecret,
  );
  client.allowInsecureRequests(config);
  const stub = fetchOf({ stubbed });
  // One fetch sends both: token requests really leave.
  if (stubbed)
    config[client.customFetch] = (url, init) => (url === tokenEndpoint ? fetch : stub)(url, init as RequestInit);
  let tokens: Awaited<ReturnType<typeof client.clientCredentialsGrant>> | undefined;
  const getToken = async (): Promise<string> => {
    if (tokens === undefined || tokens.expiresIn() === 0)
      tokens = await client.clientCredentialsGrant(config, { scope });
    return tokens.access_token;
  };
  return { config, getToken };
}
