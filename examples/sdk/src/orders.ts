import { bearerAuth, createTokenSource, type TokenSource } from '@tokenline/fetch';
import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './schema.d.ts';

export type Order = components['schemas']['Order'];

/** Who you are: the key of your account, a source of tokens, or a `fetch` that sends a token already. */
export type Access =
  | { readonly clientId: string; readonly clientSecret: string; readonly fetch?: typeof fetch }
  | { readonly source: TokenSource; readonly fetch?: typeof fetch }
  | { readonly fetch: typeof fetch };

/** Where the service is, for tests and for an installation of your own. */
export interface Service {
  /** @defaultValue `https://api.example.com` */
  readonly baseUrl?: string;
  /** @defaultValue `https://login.example.com` */
  readonly issuer?: string;
}

/** The orders of your account. */
export class Orders {
  readonly #client: Client<paths>;

  constructor(access: Access, service: Service = {}) {
    const { baseUrl = 'https://api.example.com', issuer = 'https://login.example.com' } = service;
    this.#client = createClient<paths>({ baseUrl, fetch: authorized(access, issuer, new URL(baseUrl).origin) });
  }

  async get(id: string): Promise<Order> {
    const { data, response } = await this.#client.GET('/orders/{id}', { params: { path: { id } } });
    return data ?? failed(response);
  }

  async create(order: Order): Promise<Order> {
    const { data, response } = await this.#client.POST('/orders', { body: order });
    return data ?? failed(response);
  }
}

/** A fetch that sends a token. It is attached once: one that the user brings without a source sends its own. */
function authorized(access: Access, issuer: string, origin: string): typeof fetch {
  const { fetch = globalThis.fetch } = access;
  if ('source' in access) return bearerAuth(fetch, access.source, { origins: [origin] });
  if (!('clientId' in access)) return fetch;
  const { clientId, clientSecret } = access;
  return bearerAuth(fetch, createTokenSource({ issuer, clientId, clientSecret }), { origins: [origin] });
}

function failed({ status }: Response): never {
  throw new Error(`the orders answered with ${status}`);
}
