import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type Answer, give } from './answer.ts';

/** A request as it arrived. */
export interface Seen {
  readonly at: 'own' | 'foreign';
  readonly method: string;
  readonly url: string;
  /** Names and values, in their order and spelling. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

interface Script {
  readonly answers: readonly Answer[];
  /** Whether a request is refused before it is answered. */
  readonly refuses: (authorization: string | undefined) => boolean;
  /** Called with every request, once it has been read; `false` leaves it without an answer. */
  readonly arrives: () => boolean;
}

/** The API, and another origin. Each run has new ones, so that nothing is left of the run before. */
export class Servers {
  readonly own: string;
  readonly foreign: string;
  readonly seen: Seen[] = [];
  /** How many requests were refused for their token. */
  refused = 0;
  readonly #servers: readonly Server[];
  readonly #script: Script;

  private constructor(servers: readonly Server[], script: Script) {
    this.#servers = servers;
    this.#script = script;
    [this.own = '', this.foreign = ''] = servers.map(
      (server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    );
    for (const [index, server] of servers.entries()) {
      const receive = (request: IncomingMessage, response: ServerResponse): void => {
        this.#receive(index === 0 ? 'own' : 'foreign', request, response).catch(() => response.destroy());
      };
      server.on('request', receive).on('checkExpectation', receive);
    }
  }

  static async start(script: Script): Promise<Servers> {
    const servers = [createServer({ keepAliveTimeout: 600_000 }), createServer({ keepAliveTimeout: 600_000 })];
    await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))));
    return new Servers(servers, script);
  }

  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const server of this.#servers) server.closeAllConnections();
    await Promise.all(closed);
  }

  async #receive(at: Seen['at'], request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', rawHeaders } = request;
    const body = await buffer(request);
    response.sendDate = false;
    if (this.#script.refuses(request.headers.authorization)) {
      this.refused++;
      response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end('refused');
      return;
    }
    const headers = rawHeaders.flatMap((name, index) =>
      index % 2 ? [] : [[name, rawHeaders[index + 1] ?? ''] as const],
    );
    this.seen.push({ at, method, url, headers, body });
    if (!this.#script.arrives()) return;
    const { answers } = this.#script;
    give(response, answers[Math.min(this.seen.length, answers.length) - 1]!, this.own, this.foreign);
  }
}
