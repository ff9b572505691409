import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Answers one request, byte by byte, as no HTTP library would. */
export type Fault = (socket: Socket, request: string) => void;

/** A server that speaks as much HTTP as it is told to, on a loopback port. */
export class FaultyServer {
  readonly origin: string;
  /** Everything that arrived, as text. */
  readonly requests: string[] = [];
  /** What it does with a request. */
  fault: Fault = (socket) => socket.destroy();
  /** What it does with a connection, before anything has arrived. */
  greet: (socket: Socket) => void = () => {};
  readonly #server: Server;
  readonly #sockets: Set<Socket> = new Set();

  private constructor(server: Server) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<FaultyServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const faulty = new FaultyServer(server);
    server.on('connection', (socket) => faulty.#connect(socket));
    return faulty;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #connect(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    // A client that hangs up is no failure here.
    socket.on('error', () => {});
    this.greet(socket);
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      const [, length] = /content-length: (\d+)/i.exec(received) ?? [];
      const end = received.indexOf('\r\n\r\n');
      if (end === -1 || received.length < end + 4 + Number(length ?? 0)) return;
      const request = received;
      received = '';
      this.requests.push(request);
      this.fault(socket, request);
    });
  }
}

/** A whole answer. */
export function answer(
  status: number | string,
  headers: Record<string, string>,
  body: string | Uint8Array = '',
): Fault {
  return (socket) => {
    socket.write(head(status, { 'content-length': String(Buffer.byteLength(body)), ...headers }));
    socket.end(body);
  };
}

/** An answer that says it is JSON. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Fault {
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return answer(status, { 'content-type': 'application/json', ...headers }, text);
}

/** An answer that holds something of its request. */
export function echo(make: (request: string) => Fault): Fault {
  return (socket, request) => make(request)(socket, request);
}

/** Bytes as they are, and then what the connection does. */
export function raw(bytes: string | Uint8Array, then: 'close' | 'reset' | 'hang' = 'close'): Fault {
  return (socket) => {
    socket.write(bytes, () => {
      if (then === 'reset') socket.resetAndDestroy();
      if (then === 'close') socket.end();
    });
  };
}

/** The same bytes over and over, until the client has gone. */
export function drip(first: string, bytes: string, every: number): Fault {
  return (socket) => {
    socket.write(first);
    const timer = setInterval(() => socket.write(bytes), every);
    socket.once('close', () => clearInterval(timer));
  };
}

/** As much as the client takes. */
export function flood(first: string, bytes: string | Uint8Array): Fault {
  return (socket) => {
    const pour = (): void => {
      while (!socket.destroyed && socket.write(bytes));
    };
    socket.on('drain', pour);
    socket.write(first);
    pour();
  };
}

export function head(status: number | string, headers: Record<string, string>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status}${typeof status === 'number' ? ' Odd' : ''}\r\n${lines.join('')}\r\n`;
}
