import {
  type ApiRequest,
  type FakeIdentityServer,
  fakeIdentityServer,
  type ProtectedApi,
  protectedApi,
  type ProtectedApiOptions,
  type TokenRequest,
} from '@tokenline/testing';
import type { Program } from './program.ts';

/** What stands around an example: servers on loopback, and the environment variables that say where they are. */
export interface World {
  readonly identity: { readonly tokenRequests: readonly SeenTokenRequest[] };
  readonly apis: readonly { readonly origin: string; readonly requests: readonly SeenRequest[] }[];
  readonly env: Readonly<Record<string, string>>;
  /** What its callers do where the example is a service. @defaultValue they ask for a few orders */
  readonly visit?: (service: Service) => Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

type SeenTokenRequest = Pick<TokenRequest, 'clientId' | 'status'> & {
  readonly clientAuthentication: string | undefined;
};
type SeenRequest = Pick<ApiRequest, 'method' | 'path' | 'headers' | 'status'>;

/** An example that listens. */
export interface Service {
  readonly url: string;
  readonly program: Program;
  /** Calls it, and tells what it answers. */
  readonly call: (path: string) => Promise<void>;
}

/** A world whose servers do as a test says. */
export interface FakeWorld extends World {
  readonly identity: FakeIdentityServer;
  readonly apis: readonly ProtectedApi[];
}

/** What stands around most examples. */
export interface OrdinaryWorld extends FakeWorld {
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
