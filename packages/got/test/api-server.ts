import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from '@jest/globals';
import type { TokenSource } from '@tokenline/core';

/** A request as an API received it. */
export interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** What an API answers: a status, or all that it likes. */
export type Answer = number | ((response: ServerResponse) => unknown);

/** An API on a loopback port: it answers as told, and 200 after that. */
export interface Api {
  readonly origin: string;
  readonly received: Received[];
  next(...answers: Answer[]): void;
}

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** Starts an API that lasts for one test. */
export async function startApi(): Promise<Api> {
  const script: Answer[] = [];
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    received.push({ method, url, headers, authorization: headers.authorization, body: await bodyOf(request) });
    const answer = script.shift() ?? 200;
    if (typeof answer === 'function') answer(response);
    else response.writeHead(answer, { 'content-type': 'application/json' }).end(JSON.stringify({ status: answer }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, received, next: (...answers) => void script.push(...answers) };
}

/** A source that gives `token-1` until that is refused, then `token-2`, and so on. */
export function startSource(): TokenSource & { asked: number; current: number; failure: unknown; delay: number } {
  return {
    asked: 0,
    current: 1,
    failure: undefined,
    delay: 0,
    async getToken({ rejected } = {}) {
      this.asked++;
      if (this.delay > 0) await new Promise((resolve) => setTimeout(resolve, this.delay));
      if (this.failure !== undefined) throw this.failure;
      if (rejected === `token-${this.current}`) this.current++;
      return { value: `token-${this.current}`, type: 'Bearer', expiresAt: undefined, scope: undefined };
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
