import { fakeIdentityServer, type ListenOptions, type ProtectedApi, protectedApi } from '@tokenline/testing';

/** A request as a server received it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly form: URLSearchParams;
  /** How many requests to the same path came before it. */
  readonly earlier: number;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: object | string;
}

/** Answers a request; `undefined` is a 404. `origin` is that of the server. */
export type Answer = (request: Received, origin: string) => Reply | undefined | Promise<Reply | undefined>;

/** A host of the testing package that answers as no fake identity server does: what is wrong with it is the subject. */
export async function startScripted(answer: Answer, tls?: ListenOptions['tls']): Promise<ProtectedApi> {
  const host = protectedApi(fakeIdentityServer());
  await host.listen({ tls });
  const seen = new Map<string, number>();
  const respond = async (request: Request): Promise<Response> => {
    const path = new URL(request.url).pathname;
    const form = new URLSearchParams(await request.text());
    const earlier = seen.get(path) ?? 0;
    seen.set(path, earlier + 1);
    const received = { method: request.method, path, headers: Object.fromEntries(request.headers), form, earlier };
    const { status = 200, headers = {}, body = '' } = (await answer(received, host.origin)) ?? { status: 404 };
    return typeof body === 'string'
      ? new Response(body, { status, headers })
      : Response.json(body, { status, headers });
  };
  host.answerNext(respond, { times: Infinity });
  return host;
}

export const oidc = '/.well-known/openid-configuration';
export const token = 'ya29.a-token-that-nobody-may-see';

/** Metadata of the origin, with other or more fields. */
export function metadata(origin: string, more: object = {}): Reply {
  return { body: { issuer: origin, token_endpoint: `${origin}/token`, ...more } };
}

export function issued(more: object = {}): Reply {
  return { body: { access_token: token, token_type: 'Bearer', expires_in: 3600, ...more } };
}

/** An error of OAuth. */
export function refused(error: string, description?: string, status = 400): Reply {
  return { status, body: { error, ...(description && { error_description: description }) } };
}

/** A server that has metadata at its root, and answers token requests so. */
export function tokens(answer: (request: Received) => Reply | undefined, more: object = {}): Answer {
  return (request, origin) => {
    if (request.path === oidc) return metadata(origin, more);
    return request.path === '/token' ? answer(request) : undefined;
  };
}

export const isBasic = ({ headers }: Received): boolean => headers['authorization']?.startsWith('Basic ') ?? false;
