import {
  type FakeIdentityServer,
  fakeIdentityServer,
  type ProtectedApi,
  protectedApi,
  type ProtectedApiOptions,
} from '@tokenline/testing';

/** What stands around an example: servers on loopback, and the environment variables that say where they are. */
export interface World extends AsyncDisposable {
  readonly identity: FakeIdentityServer;
  readonly apis: readonly ProtectedApi[];
  readonly env: Readonly<Record<string, string>>;
}

/** What stands around most examples. */
export interface OrdinaryWorld extends World {
  readonly api: ProtectedApi;
}

/**
 * One identity server and one API.
 *
 * @param respond - how the API answers: by default, with what it was asked.
 */
export async function ordinaryWorld(respond?: ProtectedApiOptions['respond']): Promise<OrdinaryWorld> {
  const identity = await fakeIdentityServer().listen();
  const api = await protectedApi(identity, { respond }).listen();
  const { issuer, clientId, clientSecret } = identity.client;
  return {
    identity,
    api,
    apis: [api],
    env: { API_URL: api.origin, ISSUER: issuer, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret },
    [Symbol.asyncDispose]: async () => {
      await api.close();
      await identity.close();
    },
  };
}
