import { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client';
import { fetchGet, fetchOf } from '../clients/fetch.ts';
import type { Contender, Target } from '../contender.ts';

/** Wraps `fetch`, as tokenline does. */
export const badgateway: Contender = {
  name: '@badgateway/oauth2-client',
  client: 'fetch',
  role: 'peer',
  imports: { '@badgateway/oauth2-client': ['OAuth2Client', 'OAuth2Fetch'] },
  usage: '`new OAuth2Fetch({ client, getNewToken: () => client.clientCredentials() })`',
  open(target) {
    const wrapper = wrap(target);
    const send = fetchOf(target);
    const middleware = wrapper.mw();
    // What `wrapper.fetch` does, but for the stub in the place of the global fetch.
    const stubbed: typeof fetch = (input, init) => middleware(new Request(input, init), (request) => send(request));
    const authorized: typeof fetch = (input, init) => wrapper.fetch(input as string, init);
    return { get: fetchGet(target.stubbed ? stubbed : authorized, target), close: () => {} };
  },
  hold: (target) => (scope) => {
    const wrapper = wrap({ ...target, scope });
    return { getToken: () => wrapper.getAccessToken(), keep: wrapper };
  },
};

function wrap({ tokenEndpoint, clientId, clientSecret, scope }: Target): OAuth2Fetch {
  const client = new OAuth2Client({
    server: new URL(tokenEndpoint).origin,
    tokenEndpoint,
    clientId,
    clientSecret,
    authenticationMethod: 'client_secret_post',
  });
  return new OAuth2Fetch({ client, getNewToken: () => client.clientCredentials({ scope: scope.split(' ') }) });
}
