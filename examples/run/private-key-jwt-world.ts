import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OrdinaryWorld, ordinaryWorld, type Service } from './world.ts';

/** An identity server that learns keys from a JWKS, and the file from which the service takes its own. */
export interface PrivateKeyJwtWorld extends OrdinaryWorld {
  /** Writes new keys with these identifiers, or those that were written before, into the file. The first one signs. */
  writeKeys(...kids: readonly string[]): Promise<void>;
  /** Makes the identity server read the JWKS of the service anew. A real one does so from time to time. */
  learn(jwksUri: string): Promise<void>;
}

export async function privateKeyJwtWorld(): Promise<PrivateKeyJwtWorld> {
  const world = await ordinaryWorld();
  const folder = mkdtempSync(join(tmpdir(), 'tokenline-keys-'));
  const file = join(folder, 'keys.json');
  const keys = new Map<string, JsonWebKey>();
  const { API_URL = '', ISSUER = '', CLIENT_ID = '' } = world.env;

  async function writeKeys(...kids: readonly string[]): Promise<void> {
    for (const kid of kids) if (!keys.has(kid)) keys.set(kid, await newKey());
    writeFileSync(file, JSON.stringify({ keys: kids.map((kid) => ({ ...keys.get(kid), kid })) }));
  }
  async function learn(jwksUri: string): Promise<void> {
    const jwks = (await (await fetch(jwksUri)).json()) as { keys: object[] };
    world.identity.register(CLIENT_ID, { token_endpoint_auth_method: 'private_key_jwt', jwks });
  }
  async function visit({ url, program, call }: Service): Promise<void> {
    const jwksUri = `${url}/jwks.json`;
    await learn(jwksUri);
    await call('/orders/1');
    await writeKeys('second', 'first');
    program.signal('SIGHUP');
    await program.wrote(/second is of no use yet/);
    await call('/orders/2');
    await learn(jwksUri);
    program.signal('SIGHUP');
    await program.wrote(/second is in use/);
    await writeKeys('second');
    await learn(jwksUri);
    await call('/orders/3');
  }

  await writeKeys('first');
  return {
    ...world,
    env: { API_URL, ISSUER, CLIENT_ID, KEYS_FILE: file },
    writeKeys,
    learn,
    visit,
    [Symbol.asyncDispose]: async () => {
      rmSync(folder, { recursive: true });
      await world[Symbol.asyncDispose]();
    },
  };
}

async function newKey(): Promise<JsonWebKey> {
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
  return crypto.subtle.exportKey('jwk', privateKey);
}
