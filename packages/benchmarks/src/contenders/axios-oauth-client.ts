import axios from 'axios';
import { clientCredentials } from 'axios-oauth-client';
import tokenProvider from 'axios-token-interceptor';
import { axiosClient, axiosGet } from '../clients/axios.ts';
import type { Contender, Target } from '../contender.ts';
import type { TokenResponse } from './token-request.ts';

/** Gets tokens by the one package, and keeps and attaches them by the other. */
export const axiosOauthClient: Contender = {
  name: 'axios-oauth-client',
  client: 'axios',
  role: 'peer',
  imports: { 'axios-oauth-client': ['clientCredentials'], 'axios-token-interceptor': ['default'] },
  usage: '`clientCredentials(…)` as the `getToken` of axios-token-interceptor, with its `tokenCache` and `getMaxAge`',
  open(target) {
    const client = axiosClient(target);
    client.interceptors.request.use(
      tokenProvider({
        getToken: tokenCache(target),
        headerFormatter: ({ access_token }) => `Bearer ${access_token}`,
      }),
    );
    return { get: axiosGet(client), close: () => {} };
  },
  hold: (target) => (scope) => {
    const getToken = tokenCache({ ...target, scope });
    return { getToken, keep: getToken };
  },
};

function tokenCache({ tokenEndpoint, clientId, clientSecret, scope }: Target): () => Promise<TokenResponse> {
  const getClientCredentials = clientCredentials(axios.create(), tokenEndpoint, clientId, clientSecret);
  return tokenProvider.tokenCache(async () => (await getClientCredentials(scope)) as unknown as TokenResponse, {
    getMaxAge: ({ expires_in }) => expires_in * 1_000,
  });
}
