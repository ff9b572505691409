import { OAuth2Client } from 'google-auth-library';
import { gaxiosGet, gaxiosOptions } from '../clients/gaxios.ts';
import type { Contender, Target } from '../contender.ts';
import { requestToken } from './token-request.ts';

/** Made for Google's own servers; its refresh handler takes tokens from anywhere. */
export const googleAuthLibrary: Contender = {
  name: 'google-auth-library',
  client: 'gaxios',
  role: 'peer',
  imports: { 'google-auth-library': ['OAuth2Client'] },
  usage: '`new OAuth2Client()` with a `refreshHandler`; the token request is ours',
  open: (target) => ({ get: gaxiosGet(createClient(target), target), close: () => {} }),
  hold: (target) => (scope) => {
    const client = createClient({ ...target, scope });
    return { getToken: () => client.getAccessToken(), keep: client };
  },
};

function createClient(target: Target): OAuth2Client {
  const client = new OAuth2Client({ transporterOptions: gaxiosOptions(target) });
  client.refreshHandler = async () => {
    const { access_token, expires_in } = await requestToken(target);
    return { access_token, expiry_date: Date.now() + expires_in * 1_000 };
  };
  return client;
}
