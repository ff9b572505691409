import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as a service gets it. */
export interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a service answers: JSON. */
export interface Reply {
  /** @defaultValue 200 */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

/** A service on loopback. */
export interface Wire {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

const failed = (error: unknown): Reply => ({ status: 500, json: { error: String(error) } });

/** Starts a service that gives these answers. An answer that fails is a 500. */
export async function serve(answer: (request: Received) => Reply | Promise<Reply>): Promise<Wire> {
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const received = { method, url: new URL(url, 'http://localhost'), headers, body: await text(request) };
    const reply = await Promise.resolve(received).then(answer).catch(failed);
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
    response.end(JSON.stringify(reply.json ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
