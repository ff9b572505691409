import { Issuer } from './issuer.ts';
import { MetadataCache } from './metadata-cache.ts';
import type { Recipe } from './recipe.ts';
import { serve } from './wire.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const challenge = 'Bearer authorization_uri="https://login.microsoftonline.com/your-tenant", error="invalid_token"';

export const azureIdentity: Recipe = {
  heading: '`@azure/identity`',
  service: 'Entra ID',
  challenge,
  async start() {
    const issuer = new Issuer(24 * hour);
    const wire = await serve(({ method, url, body }) => {
      const form = Object.fromEntries(new URLSearchParams(body));
      if (method !== 'POST' || url.pathname !== '/your-tenant/oauth2/v2.0/token') return { status: 404 };
      if (form['client_secret'] !== 'secret' || form['scope'] !== 'https://vault.azure.net/.default')
        return { status: 400, json: { error: 'invalid_request' } };
      const seconds = issuer.lifetime / second;
      const { token } = issuer.issue();
      return { json: { token_type: 'Bearer', access_token: token, expires_in: seconds, refresh_in: seconds / 2 } };
    });
    return {
      issuer,
      changes: { "'@azure/identity'": "'../../recipes/azure-credential.ts'" },
      environment: { AZURE_AUTHORITY_HOST: wire.origin, CLIENT_SECRET: 'secret' },
      revoke: () => issuer.revokeAll(),
      close: wire.close,
    };
  },
};

export const azureMachine: Recipe = {
  heading: 'The metadata service of an Azure machine',
  service: 'IMDS',
  challenge,
  async start() {
    const issuer = new Issuer(24 * hour);
    const cache = new MetadataCache(issuer, 4 * minute);
    const wire = await serve(({ url, headers }) => {
      const { pathname, searchParams: query } = url;
      if (headers['metadata'] !== 'true' || headers['x-forwarded-for'] !== undefined) return { status: 400 };
      if (pathname !== '/metadata/identity/oauth2/token' || query.get('api-version') !== '2018-02-01')
        return { status: 404 };
      const { token, expiresAt } = cache.token();
      // Text, and the first of them counts from the moment of issuance.
      const times = { expires_in: `${issuer.lifetime / second}`, expires_on: `${Math.floor(expiresAt / second)}` };
      const resource = query.get('resource');
      return { json: { access_token: token, client_id: '7', resource, token_type: 'Bearer', ...times } };
    });
    return {
      issuer,
      changes: { 'http://169.254.169.254': wire.origin },
      revoke: () => cache.revoke(),
      close: wire.close,
    };
  },
};
