import { createServer, type IncomingMessage, request as send, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** When a token request was under way, by `performance.now()`. */
export interface TokenRequest {
  readonly start: number;
  end: number;
}

/** The token endpoint of an identity server, some milliseconds away, as it is outside of a test. */
export class DistantEndpoint {
  readonly url: string;
  /** Every token request that arrived. */
  readonly requests: TokenRequest[] = [];
  readonly #server: Server;
  readonly #endpoint: string;
  readonly #distance: number;

  private constructor(server: Server, endpoint: string, distance: number) {
    this.#server = server;
    this.#endpoint = endpoint;
    this.#distance = distance;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/connect/token`;
  }

  /** @param distance - how many milliseconds an answer takes longer. */
  static async start(endpoint: string, distance: number): Promise<DistantEndpoint> {
    const server = createServer({ keepAliveTimeout: 60_000 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4_096, resolve));
    const distant = new DistantEndpoint(server, endpoint, distance);
    server.on('request', (request, response) => distant.#forward(request, response));
    return distant;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const tokenRequest = { start: performance.now(), end: Number.POSITIVE_INFINITY };
    this.requests.push(tokenRequest);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    await sleep(this.#distance);
    const forwarded = send(this.#endpoint, { method: request.method ?? 'POST', headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.once('end', () => (tokenRequest.end = performance.now()));
    });
    forwarded.once('error', () => response.destroy());
    forwarded.end(Buffer.concat(chunks));
  }
}
