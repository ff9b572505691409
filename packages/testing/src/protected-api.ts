import type { FakeIdentityServer } from './fake-identity-server.ts';
import { TokenGuard } from './oauth/token-guard.ts';
import { redactedHeaders, redactedPath } from './redaction.ts';
import type { NextOptions } from './serving/script.ts';
import { ScriptedHost } from './serving/scripted-host.ts';

/** What {@link protectedApi} can be told. */
export interface ProtectedApiOptions {
  /** Its origin, unless it listens: then it is one on loopback. @defaultValue `'https://api.example.com'` */
  readonly origin?: string | URL | undefined;
  /** The scopes that each token must have, space-separated. @defaultValue none */
  readonly scope?: string | undefined;
  /** The resource or audience that each token must be for. @defaultValue none: a token for anything will do */
  readonly resource?: string | undefined;
  /**
   * Answers a request that carries a good token.
   * @defaultValue `{ "method": …, "path": …, "body": … }`, of the request
   */
  readonly respond?: ((request: Request) => Response | Promise<Response>) | undefined;
}

/** A request as the API saw it, without its credentials. */
export interface ApiRequest {
  readonly method: string;
  /** Path and query; an `access_token` in it is redacted. */
  readonly path: string;
  /** By their names in lower case. Of `authorization`, only the scheme is there. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it was sent. */
  readonly body: string;
  /** The status of the answer; `undefined` while there is none. */
  readonly status: number | undefined;
}

/** An API for tests, as {@link protectedApi} makes it. */
export class ProtectedApi extends ScriptedHost<'api'> {
  /** The requests so far, in the order in which they arrived, those that were refused included. */
  readonly requests: readonly ApiRequest[] = [];
  /** What DPoP proofs must hold from now on. @defaultValue `undefined`: nothing */
  nonce: string | undefined;
  readonly #server: FakeIdentityServer;
  readonly #guard: TokenGuard;
  readonly #respond: (request: Request) => Response | Promise<Response>;

  constructor(server: FakeIdentityServer, options: ProtectedApiOptions) {
    super(new URL(options.origin ?? 'https://api.example.com').origin, 'api');
    this.#server = server;
    this.#guard = new TokenGuard(server, options);
    this.#respond = options.respond ?? echo;
  }

  /**
   * Refuses the next requests with a 401, whatever token they carry.
   *
   * @param options - `challenge`: the `WWW-Authenticate` header, `Bearer error="invalid_token"` by default; `status`: another
   * one than 401, for APIs that have one.
   * @throws TypeError when `times` is neither a positive integer nor `Infinity`.
   */
  refuseNext(
    options: {
      readonly challenge?: string | undefined;
      readonly status?: number | undefined;
    } & NextOptions<'api'> = {},
  ): void {
    const { challenge = 'Bearer error="invalid_token"', status = 401, ...next } = options;
    this.answerNext(new Response(null, { status, headers: { 'www-authenticate': challenge } }), next);
  }

  /**
   * Revokes the tokens of the next requests as they arrive, and so refuses them.
   *
   * @throws TypeError when `times` is neither a positive integer nor `Infinity`.
   */
  revokeNext(options: NextOptions<'api'> = {}): void {
    this.answerNext((request) => {
      this.#server.revoke(request.headers.get('authorization')?.split(' ')[1] ?? '');
      return this.answer(request);
    }, options);
  }

  /**
   * Redirects the next requests, whatever token they carry.
   *
   * @param location - an absolute URL, or one relative to that of the request.
   * @param options - `status`: 302 by default.
   * @throws TypeError when `times` is neither a positive integer nor `Infinity`.
   */
  redirectNext(location: string, options: { readonly status?: number | undefined } & NextOptions<'api'> = {}): void {
    const { status = 302, ...next } = options;
    this.answerNext(new Response(null, { status, headers: { location } }), next);
  }

  protected async handle(request: Request): Promise<Response> {
    const [method, path] = [request.method, redactedPath(request.url)];
    const headers = redactedHeaders(request.headers);
    const body = await request.clone().text();
    const seen = { method, path, headers, body, status: undefined };
    (this.requests as ApiRequest[]).push(seen);
    const response = await this.respond(request, 'api');
    Object.assign(seen, { status: response.status });
    return response;
  }

  protected async answer(request: Request): Promise<Response> {
    return (await this.#guard.refusal(request, this.nonce)) ?? this.#respond(request);
  }
}

async function echo(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  return Response.json({ method: request.method, path: `${pathname}${search}`, body: await request.text() });
}

/**
 * Makes an API that serves no request without a valid token of the server. It serves three ways, as the server does.
 *
 * @example
 * ```ts
 * const api = protectedApi(server);
 * const send = bearerAuth(api.fetch, source, { origins: [api.origin] });
 *
 * api.revokeNext();
 * await send(`${api.origin}/orders`); // 200, with another token
 * api.requests.map(({ status }) => status); // [401, 200]
 * ```
 */
export function protectedApi(server: FakeIdentityServer, options: ProtectedApiOptions = {}): ProtectedApi {
  return new ProtectedApi(server, options);
}
