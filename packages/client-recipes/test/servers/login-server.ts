import type { Server, Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Whether a token is good. */
export type Accepts = (token: string) => boolean;

/** A server on loopback that takes tokens at its door. */
export class LoginServer {
  readonly port: number;
  /** The tokens that it was shown, in that order. */
  readonly shown: string[];
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  private constructor(server: Server, shown: string[], sockets: Set<Socket>) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    this.shown = shown;
    this.#sockets = sockets;
  }

  /** @param build - makes the server, which asks `check` about the token that it is shown. */
  static async start(accepts: Accepts, build: (check: Accepts) => Server | Promise<Server>): Promise<LoginServer> {
    const shown: string[] = [];
    const sockets = new Set<Socket>();
    const server = await build((token) => {
      shown.push(token);
      return accepts(token);
    });
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('error', () => {}).once('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new LoginServer(server, shown, sockets);
  }

  /** Breaks all connections. */
  disconnect(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.disconnect();
    });
  }
}
