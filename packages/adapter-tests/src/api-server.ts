import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { type Answer, send, unauthorized } from './answer.ts';
import { answeredPreflight } from './cors.ts';
import { close, listen } from './listen.ts';
import { route } from './api-routes.ts';

/** A request as the API received it. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly authorization: string | undefined;
  /** Which connection it came in on, counted from 1. */
  readonly connection: number;
  /** What arrived of the body: all of it, unless the answer was an early one. */
  body: Buffer;
}

/** What an {@link ApiServer} can be told at its start. */
export interface ApiServerOptions {
  /** @defaultValue any free one */
  readonly port?: number;
  /** Whether a bearer token is good for this API. */
  readonly accepts: (token: string) => boolean;
}

/**
 * A real API, on a loopback port, that serves no request without a token that it accepts. It keeps what it received,
 * and counts its connections; what it answers can be scripted.
 *
 * `/pages` is a list in pages, `/download?bytes=` a long text, `/status/404` is that status; anything else is echoed.
 *
 * @example
 * ```ts
 * const api = await ApiServer.start({ accepts: (token) => identity.accepts(token) });
 * api.next(unauthorized('Bearer error="invalid_token"'));
 * ```
 */
export class ApiServer {
  readonly origin: string;
  /** Everything that arrived, in the order of arrival. */
  readonly requests: ReceivedRequest[] = [];
  /** Decides on the answer to a request that no {@link next} was meant for. */
  respond: (request: ReceivedRequest) => Answer | undefined = () => undefined;
  /** Decides whether a request is refused; by default one without a bearer token that is accepted is. */
  refuse: (request: ReceivedRequest) => Answer | undefined | Promise<Answer | undefined>;
  readonly #server: Server;
  readonly #script: Answer[] = [];
  readonly #connections: Map<Socket, number> = new Map();
  #opened = 0;

  private constructor(server: Server, origin: string, accepts: (token: string) => boolean) {
    this.#server = server;
    this.refuse = ({ authorization }) => refusal(accepts, authorization);
    this.origin = origin;
  }

  static async start({ port, accepts }: ApiServerOptions): Promise<ApiServer> {
    const server = createServer({ keepAliveTimeout: 0 });
    const api = new ApiServer(server, await listen(server, port), accepts);
    server.on('connection', (socket: Socket) => api.#connect(socket));
    server.on('request', (request, response) => api.#receive(request, response));
    return api;
  }

  /** How many connections were ever opened. */
  get connections(): number {
    return this.#opened;
  }

  /** How many connections are open now. */
  get openConnections(): number {
    return this.#connections.size;
  }

  /** Answers the next requests with these, in this order, whatever token they carry. */
  next(...answers: readonly Answer[]): void {
    this.#script.push(...answers);
  }

  close(): Promise<void> {
    return close(this.#server);
  }

  #connect(socket: Socket): void {
    this.#connections.set(socket, ++this.#opened);
    socket.once('close', () => this.#connections.delete(socket));
  }

  async #receive(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (answeredPreflight(incoming, response)) return;
    const { method = '', url = '', headers, socket } = incoming;
    const connection = this.#connections.get(socket) ?? 0;
    const { authorization } = headers;
    const request = { method, url, headers, authorization, connection, body: Buffer.alloc(0) };
    this.requests.push(request);
    const answer = this.#script.shift() ?? this.respond(request);
    if (!answer?.early && !(await readBody(incoming, request))) return;
    await answer?.after;
    if (answer?.broken) incoming.socket.destroy();
    else await send(response, answer ?? (await this.refuse(request)) ?? route(request));
  }
}

function refusal(accepts: (token: string) => boolean, authorization: string | undefined): Answer | undefined {
  const [, token] = /^Bearer (.+)$/i.exec(authorization ?? '') ?? [];
  if (token === undefined) return unauthorized('Bearer realm="orders"');
  return accepts(token) ? undefined : unauthorized('Bearer realm="orders", error="invalid_token"');
}

/** Reads the body of a request; `false` where the client gave up. */
async function readBody(incoming: IncomingMessage, request: ReceivedRequest): Promise<boolean> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
  } catch {
    return false;
  }
  request.body = Buffer.concat(chunks);
  return true;
}
