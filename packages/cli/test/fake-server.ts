import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as a fake received it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams;
  /** How many requests to the same path came before it. */
  readonly earlier: number;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: unknown;
}

/** Answers a request; `undefined` is a 404. `origin` is that of the server. */
export type Answer = (request: Received, origin: string) => Reply | undefined | Promise<Reply | undefined>;

/** A server on loopback that answers as one is told. */
export class FakeServer {
  readonly origin: string;
  readonly #server: Server;

  private constructor(server: Server, origin: string) {
    this.#server = server;
    this.origin = origin;
  }

  static async start(answer: Answer, tls?: ServerOptions): Promise<FakeServer> {
    const seen = new Map<string, number>();
    const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const { method = '', headers, url = '' } = request;
      const path = url.split('?')[0] ?? '';
      const form = new URLSearchParams(await text(request));
      const earlier = seen.get(path) ?? 0;
      seen.set(path, earlier + 1);
      const reply = (await answer({ method, path, headers, form, earlier }, origin)) ?? { status: 404 };
      const { status = 200, headers: more, body = '' } = reply;
      const isJson = typeof body === 'object';
      const type = isJson ? { 'content-type': 'application/json' } : {};
      response.writeHead(status, { ...type, ...more }).end(isJson ? JSON.stringify(body) : body);
    };
    const listener = (request: IncomingMessage, response: ServerResponse): void => void handle(request, response);
    const server = tls === undefined ? createServer(listener) : createHttpsServer(tls, listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const origin = tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
    return new FakeServer(server, origin);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
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

export const isBasic = ({ headers }: Received): boolean => headers.authorization?.startsWith('Basic ') ?? false;
