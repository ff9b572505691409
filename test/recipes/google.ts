import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import { Issuer } from './issuer.ts';
import { MetadataCache } from './metadata-cache.ts';
import type { Recipe, StandIn } from './recipe.ts';
import { type Received, type Reply, serve, type Wire } from './wire.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const challenge = 'Bearer realm="https://accounts.google.com/", error="invalid_token"';
const email = 'orders@example.iam.gserviceaccount.com';
const scopes = 'https://www.googleapis.com/auth/cloud-platform';
const service = { heading: '`google-auth-library`', challenge };

/** A form that is answered with a token, if `accepts` says so. */
function tokenEndpoint(issuer: Issuer, path: string, accepts: (form: Record<string, string>) => unknown) {
  return async ({ method, url, body }: Received): Promise<Reply> => {
    const form = Object.fromEntries(new URLSearchParams(body));
    if (method !== 'POST' || url.pathname !== path) return { status: 404 };
    if (!(await accepts(form))) return { status: 400, json: { error: 'invalid_grant' } };
    const fields = { token_type: 'Bearer', issued_token_type: 'urn:ietf:params:oauth:token-type:access_token' };
    return { json: { access_token: issuer.issue().token, expires_in: issuer.lifetime / second, ...fields } };
  };
}

/** Credentials in a file of a folder, where an environment variable says. */
async function withCredentials(
  wire: Wire,
  issuer: Issuer,
  credentialsIn: (folder: string) => object,
): Promise<StandIn> {
  const folder = await mkdtemp(join(tmpdir(), 'tokenline-'));
  const file = join(folder, 'credentials.json');
  await writeFile(file, JSON.stringify(credentialsIn(folder)));
  await writeFile(join(folder, 'subject-token'), 'subject');
  return {
    issuer,
    changes: {},
    environment: { GOOGLE_APPLICATION_CREDENTIALS: file, GOOGLE_CLOUD_PROJECT: 'example' },
    revoke: () => issuer.revokeAll(),
    close: async () => void (await Promise.all([wire.close(), rm(folder, { recursive: true })])),
  };
}

export const googleServiceAccount: Recipe = {
  ...service,
  service: 'the key of a service account',
  async start() {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const issuer = new Issuer(hour);
    const audience = 'https://oauth2.googleapis.com/token';
    const wire = await serve(
      tokenEndpoint(issuer, '/token', async ({ grant_type: type, assertion = '' }) => {
        const { payload } = await jwtVerify(assertion, publicKey, { issuer: email, audience });
        return type === 'urn:ietf:params:oauth:grant-type:jwt-bearer' && payload['scope'] === scopes;
      }),
    );
    const key = await exportPKCS8(privateKey);
    const credentials = { type: 'service_account', client_email: email, private_key: key };
    const standIn = await withCredentials(wire, issuer, () => credentials);
    // The address of this endpoint is no option, but what fetches it is.
    const fetchImplementation = `(url, init) => fetch(String(url).replace('https://oauth2.googleapis.com', '${wire.origin}'), init)`;
    const clientOptions = `clientOptions: { transporterOptions: { fetchImplementation: ${fetchImplementation} } }`;
    return { ...standIn, changes: { 'new GoogleAuth({': `new GoogleAuth({ ${clientOptions},` } };
  },
};

export const googleFederation: Recipe = {
  ...service,
  service: 'workload identity federation',
  async start() {
    const issuer = new Issuer(hour);
    const wire = await serve(
      tokenEndpoint(issuer, '/v1/token', ({ grant_type: type, subject_token: subject, scope }) => {
        return type === 'urn:ietf:params:oauth:grant-type:token-exchange' && subject === 'subject' && scope === scopes;
      }),
    );
    return withCredentials(wire, issuer, (folder) => ({
      type: 'external_account',
      audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${wire.origin}/v1/token`,
      credential_source: { file: join(folder, 'subject-token') },
    }));
  },
};

/** The metadata service, which has a cache. */
async function metadata(): Promise<StandIn & { readonly origin: string }> {
  const issuer = new Issuer(hour);
  const cache = new MetadataCache(issuer, 4 * minute);
  const { origin, close } = await serve(({ url, headers }) => {
    if (headers['metadata-flavor'] !== 'Google') return { status: 403 };
    if (url.pathname !== '/computeMetadata/v1/instance/service-accounts/default/token') return { status: 404 };
    const { token, expiresAt } = cache.token();
    const left = Math.floor((expiresAt - Date.now()) / second);
    const json = { access_token: token, expires_in: left, token_type: 'Bearer' };
    return { headers: { 'metadata-flavor': 'Google' }, json };
  });
  return {
    origin,
    issuer,
    changes: { 'http://metadata.google.internal': origin },
    revoke: () => cache.revoke(),
    close,
  };
}

export const googleMachine: Recipe = {
  heading: 'The metadata service of a Google Cloud machine',
  service: 'Compute Engine',
  challenge,
  start: metadata,
};

export const googleCompute: Recipe = {
  ...service,
  service: 'Compute Engine',
  async start() {
    const standIn = await metadata();
    const environment = {
      // The credentials of whoever runs this are not found.
      GOOGLE_APPLICATION_CREDENTIALS: '',
      CLOUDSDK_CONFIG: '/nowhere',
      GCE_METADATA_HOST: standIn.origin,
      METADATA_SERVER_DETECTION: 'assume-present',
      GOOGLE_CLOUD_PROJECT: 'example',
    };
    return { ...standIn, changes: {}, environment };
  },
};
