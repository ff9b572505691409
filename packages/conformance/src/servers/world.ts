import { createServer } from 'node:http';
import {
  type Answer,
  ApiServer,
  close,
  DPoPGuard,
  IdentityServer,
  listen,
  type ReceivedRequest,
  type Registrations,
} from '@tokenline/adapter-tests';
import { exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import type { Change, ClientKey, ScriptedAnswer, SeenRequest, Sight, WorldDescription } from './protocol.ts';

const longSecret = 'a secret of more than thirty-two bytes, to sign with';
const algorithms = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const;

/** The clients that authenticate in other ways than the first one. */
export interface Clients {
  readonly registrations: Registrations;
  readonly keys: Readonly<Record<string, ClientKey>>;
}

/** Makes the keys of all clients, once for all worlds. */
export async function makeClients(): Promise<Clients> {
  const registrations: Record<string, Registrations[string]> = {};
  const keys: Record<string, ClientKey> = {};
  for (const method of ['client_secret_post', 'client_secret_basic', 'client_secret_jwt'] as const)
    registrations[method] = { token_endpoint_auth_method: method, client_secret: longSecret };
  for (const algorithm of algorithms) {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const jwk = (await exportJWK(privateKey)) as JsonWebKey;
    keys[algorithm] = { algorithm, jwk: { ...jwk, alg: algorithm }, pem: await exportPKCS8(privateKey) };
    registrations[algorithm] = {
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: algorithm,
      jwks: { keys: [{ ...(await exportJWK(publicKey)), use: 'sig' }] },
    };
  }
  return { registrations, keys };
}

/** The servers of one case. */
export class World {
  readonly #identity: IdentityServer;
  readonly #api: ApiServer;
  readonly #foreign: ApiServer;
  readonly #nowhere: string;
  readonly #keys: Clients['keys'];
  #guard: DPoPGuard | undefined;

  private constructor(
    identity: IdentityServer,
    [api, foreign]: readonly [ApiServer, ApiServer],
    nowhere: string,
    keys: Clients['keys'],
  ) {
    this.#identity = identity;
    this.#api = api;
    this.#foreign = foreign;
    this.#nowhere = nowhere;
    this.#keys = keys;
  }

  static async open({ registrations, keys }: Clients): Promise<World> {
    const identity = await IdentityServer.start({ registrations });
    const accepts = (token: string): boolean => identity.accepts(token);
    const [api, foreign] = await Promise.all([ApiServer.start({ accepts }), ApiServer.start({ accepts })]);
    const gone = createServer();
    const nowhere = await listen(gone);
    await close(gone);
    return new World(identity, [api, foreign], nowhere, keys);
  }

  describe(url: string): WorldDescription {
    const { client, tokenEndpoint } = this.#identity;
    const [api, foreign] = [this.#api.origin, this.#foreign.origin];
    return { url, client, tokenEndpoint, api, foreign, nowhere: this.#nowhere, longSecret, keys: this.#keys };
  }

  change({ revokeAll, outage, lifetime, guarded, requireNonces, nonce, next = [] }: Change): void {
    const identity = this.#identity;
    if (revokeAll) identity.revokeAll();
    if (outage === 'none') identity.recover();
    else if (outage !== undefined) identity.fail(outage);
    if (lifetime !== undefined) identity.lifetime = lifetime;
    if (requireNonces !== undefined) identity.requireNonces = requireNonces;
    if (guarded) {
      const guard = (this.#guard = new DPoPGuard(identity, this.#api.origin));
      identity.accessTokenFormat = 'jwt';
      this.#api.refuse = (request) => guard.refuse(request);
    }
    if (nonce !== undefined && this.#guard) this.#guard.nonce = nonce;
    this.#api.next(...next.map(answerOf));
  }

  look(): Sight {
    return {
      tokenRequests: this.#identity.tokenRequests,
      api: this.#api.requests.map(seen),
      foreign: this.#foreign.requests.map(seen),
      acceptedProofs: this.#guard?.accepted.length ?? 0,
    };
  }

  async close(): Promise<void> {
    this.#identity.recover();
    await Promise.all([this.#identity.close(), this.#api.close(), this.#foreign.close()]);
  }
}

function answerOf({ hangs, ...answer }: ScriptedAnswer): Answer {
  return { ...answer, ...(hangs && { after: new Promise(() => {}) }) };
}

function seen({ method, url, headers, authorization, body }: ReceivedRequest): SeenRequest {
  const proof = headers['dpop'];
  return {
    method,
    url,
    bytes: body.length,
    ...(authorization !== undefined && { authorization }),
    ...(typeof proof === 'string' && { proof }),
  };
}
