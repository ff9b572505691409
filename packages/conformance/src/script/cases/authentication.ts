import { clientAssertion, clientSecretJwt, privateKeyJwt, proofKey, type TokenSourceOptions } from '@tokenline/core';
import type { Case } from '../case.ts';
import { expectEqual } from '../expect.ts';
import type { World } from '../world.ts';

type Options = Partial<TokenSourceOptions>;

/** Every way in which a client says who it is, in each form that its key may have. */
const ways: Record<string, (world: World) => Options | Promise<Options>> = {
  client_secret_post: ({ servers }) => ({
    clientId: 'client_secret_post',
    clientSecret: servers.longSecret,
    clientAuthentication: 'client_secret_post',
  }),
  client_secret_basic: ({ servers }) => ({
    clientId: 'client_secret_basic',
    clientSecret: servers.longSecret,
    clientAuthentication: 'client_secret_basic',
  }),
  client_secret_jwt: ({ servers }) => ({
    clientId: 'client_secret_jwt',
    clientSecret: servers.longSecret,
    clientAuthentication: clientSecretJwt(),
  }),
  'private_key_jwt, ES256 as a JWK': ({ servers }) => keyed(servers.keys['ES256']!.jwk, 'ES256'),
  'private_key_jwt, ES256 as PEM': ({ servers }) => keyed(servers.keys['ES256']!.pem, 'ES256'),
  'private_key_jwt, ES256 as a CryptoKey': async ({ servers }) => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    return keyed(await crypto.subtle.importKey('jwk', servers.keys['ES256']!.jwk, algorithm, false, ['sign']), 'ES256');
  },
  'private_key_jwt, RS256 as PEM': ({ servers }) => keyed(servers.keys['RS256']!.pem, 'RS256', 'RS256'),
  'private_key_jwt, PS256 as a JWK': ({ servers }) => keyed(servers.keys['PS256']!.jwk, 'PS256'),
  'private_key_jwt, EdDSA as PEM': ({ servers }) => keyed(servers.keys['EdDSA']!.pem, 'EdDSA'),
  'an assertion of someone else': async ({ servers }) => ({
    clientId: 'ES256',
    clientSecret: undefined,
    clientAuthentication: clientAssertion(() => signed(servers.client.issuer, servers.keys['ES256']!.jwk)),
  }),
};

function keyed(key: JsonWebKey | CryptoKey | string, clientId: string, algorithm?: 'RS256'): Options {
  const clientAuthentication = privateKeyJwt({ key, ...(algorithm && { algorithm }) });
  return { clientId, clientSecret: undefined, clientAuthentication };
}

/** An assertion that is made without core. */
async function signed(issuer: string, jwk: JsonWebKey): Promise<string> {
  const key = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: 'ES256', sub: 'ES256', aud: issuer, iat: now, exp: now + 60, jti: crypto.randomUUID() };
  const content = [{ alg: 'ES256' }, claims].map((part) => base64url(new TextEncoder().encode(JSON.stringify(part))));
  const data = new TextEncoder().encode(content.join('.'));
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, data);
  return [...content, base64url(new Uint8Array(signature))].join('.');
}

function base64url(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export const authenticationCases: readonly Case[] = [
  ...Object.entries(ways).map(([name, optionsFor]): Case => ({
    about: 'core',
    name,
    async run(world) {
      const token = await world.source(await optionsFor(world)).getToken();
      expectEqual(token.type, 'Bearer', 'the type of the token');
    },
  })),
  ...(['ES256', 'RS256', 'PS256', 'Ed25519'] as const).map((algorithm): Case => ({
    about: 'core',
    name: `DPoP with ${algorithm}`,
    async run(world) {
      await world.change({ requireNonces: true });
      const token = await world.source({ dpop: proofKey({ algorithm }) }).getToken();
      expectEqual(token.type, 'DPoP', 'the type of the token');
    },
  })),
];
