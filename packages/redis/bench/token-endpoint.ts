import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A token endpoint that takes its time, and counts. */
export class TokenEndpoint {
  requests = 0;
  readonly #server: Server;

  private constructor(server: Server, duration: number) {
    this.#server = server;
    server.on('request', (_request, response) => {
      const token = `token-${++this.requests}`.padEnd(800, 'x');
      const body = JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 3600 });
      response.writeHead(200, { 'content-type': 'application/json' });
      setTimeout(() => response.end(body), duration);
    });
  }

  static async start(duration: number): Promise<TokenEndpoint> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TokenEndpoint(server, duration);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/connect/token`;
  }

  close(): void {
    this.#server.close().closeAllConnections();
  }
}
