import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isConnectionError } from './connection.ts';
import type { ListenOptions } from './listen-options.ts';

type Handle = (request: Request) => Promise<Response>;

/** An HTTP server on the loopback interface. */
export interface Listener {
  readonly origin: string;
  close(): Promise<void>;
}

/** Starts a server on 127.0.0.1. */
export async function startListener(handle: Handle, { port = 0, tls }: ListenOptions): Promise<Listener> {
  let origin = '';
  const listen = (incoming: IncomingMessage, outgoing: ServerResponse): void =>
    void serve(handle, origin, incoming, outgoing);
  // Not imported, so that a browser, which needs no listener, can load this package.
  const [http, https] = [process.getBuiltinModule('node:http'), process.getBuiltinModule('node:https')];
  const server = tls === undefined ? http.createServer(listen) : https.createServer({ ...tls }, listen);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const host = tls === undefined ? 'http://127.0.0.1' : 'https://localhost';
  origin = `${host}:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  handle: Handle,
  origin: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  try {
    const response = await handle(await requestOf(incoming, origin, gone.signal));
    await send(response, outgoing);
  } catch (error) {
    // A client that has gone needs no answer, and one that is to get none sees its connection break.
    // So does one whose answer breaks off.
    if (gone.signal.aborted || outgoing.headersSent || isConnectionError(error)) incoming.socket.destroy();
    else outgoing.writeHead(500).end(String(error));
  }
}

async function requestOf(incoming: IncomingMessage, origin: string, signal: AbortSignal): Promise<Request> {
  const { method = 'GET', url = '/', headersDistinct } = incoming;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array<ArrayBuffer>);
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(headersDistinct))
    for (const value of values) headers.append(name, value);
  const body = chunks.length > 0 && method !== 'GET' && method !== 'HEAD' ? { body: new Blob(chunks) } : {};
  return new Request(new URL(url, origin), { method, headers, signal, ...body });
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.setHeaders(response.headers);
  outgoing.writeHead(response.status);
  if (response.body) for await (const chunk of response.body) outgoing.write(chunk);
  outgoing.end();
}
