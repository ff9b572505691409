import { ClientCredentials } from 'simple-oauth2';
import { fetchGet, fetchOf } from '../clients/fetch.ts';
import type { Contender, Target } from '../contender.ts';

/** Gets tokens and knows when they have expired; keeping and attaching them is left to its users. */
export const simpleOauth2: Contender = {
  name: 'simple-oauth2',
  client: 'fetch',
  role: 'peer',
  imports: { 'simple-oauth2': ['ClientCredentials'] },
  usage: '`getToken()`, and again when `accessToken.expired()`; the variable and the header are ours',
  open(target) {
    const send = fetchOf(target);
    const getToken = tokenGetter(target);
    const authorized: typeof fetch = async (input, init) =>
      send(input, { ...init, headers: { authorization: `Bearer ${await getToken()}` } });
    return { get: fetchGet(authorized, target), close: () => {} };
  },
  hold: (target) => (scope) => {
    const getToken = tokenGetter({ ...target, scope });
    return { getToken, keep: getToken };
  },
};

function tokenGetter({ tokenEndpoint, clientId, clientSecret, scope }: Target): () => Promise<string> {
  const { origin: tokenHost, pathname: tokenPath } = new URL(tokenEndpoint);
  const client = new ClientCredentials({
    client: { id: clientId, secret: clientSecret },
    auth: { tokenHost, tokenPath },
    options: { authorizationMethod: 'body' },
  });
  let accessToken: Awaited<ReturnType<typeof client.getToken>> | undefined;
  return async () => {
    if (accessToken === undefined || accessToken.expired()) accessToken = await client.getToken({ scope });
    return accessToken.token.access_token;
  };
}
