// What users of axios write: compiled for each module system, with each version of TypeScript, without the DOM library.
import { generateKeyPairSync, webcrypto } from 'node:crypto';
import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios';
import { bearerAuth, createTokenSource, OAuthError, privateKeyJwt, proofKey, TokenError } from '@tokenline/axios';
import { Authorizer } from '@tokenline/core/adapter';

const client = { issuer: 'https://login.example.com', clientId: 'orders' };
const source = createTokenSource({ ...client, clientSecret: () => process.env.CLIENT_SECRET ?? '' });
const api = bearerAuth(axios.create({ baseURL: 'https://api.example.com' }), source);

export const instance: AxiosInstance = api;
export const everywhere: typeof axios = bearerAuth(axios, source, { origins: [new URL('https://api.example.com')] });
export const authorizer = new Authorizer(source, 'https://api.example.com');

export async function list(): Promise<string> {
  const config: AxiosRequestConfig = { bearerAuth: { scope: 'orders.read', refused: ({ status }) => status === 403 } };
  await api.post('/orders', {}, config);
  const { data } = await api.get<string>('/orders', { bearerAuth: false });
  return data;
}

api.interceptors.request.use((config) => {
  if (config.url === '/health') config.bearerAuth = false;
  return config;
});
// @ts-expect-error There is no such option.
void api.get('/orders', { bearerAuth: { scopes: 'orders.read' } });
// @ts-expect-error It is no instance of axios.
bearerAuth(fetch, source);

export async function keys(): Promise<unknown> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const keyPair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const another = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const jwk = await crypto.subtle.exportKey('jwk', keyPair.privateKey);
  const exported = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const given = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd', kid: 'first', alg: 'ES256' };
  return [proofKey({ keyPair }), ...[another.privateKey, jwk, exported, given].map((key) => privateKeyJwt({ key }))];
}

export function reasonOf(error: unknown): string {
  if (error instanceof OAuthError) return error.errorDescription ?? error.error;
  return error instanceof TokenError ? error.code : '';
}
