import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { privateAuthority } from '@tokenline/adapter-tests/certificates';

const runFile = promisify(execFile);

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/**
 * A proxy on loopback, and behind it `https://login.example.com`, which issues tokens, and `https://api.example.com`.
 * Programs that do not use the proxy reach neither.
 */
export class ProxiedWorld {
  /** What the proxy was asked for: `CONNECT` and an authority, or another method and a URL. */
  readonly seenByProxy: string[] = [];
  /** The `Authorization` headers that the proxy could read. */
  readonly leaked: string[] = [];
  /** The requests that arrived behind the proxy, with their `Authorization`. */
  readonly arrived: string[] = [];
  /** The URL of the proxy. */
  proxy = '';
  #behind = 0;
  #folder = '';
  readonly #sockets: Set<Socket> = new Set();
  readonly #servers: Server[] = [];

  static async start(): Promise<ProxiedWorld> {
    const world = new ProxiedWorld();
    const authority = await privateAuthority();
    const certificate = await authority.issue('*.example.com');
    world.#behind = await listen(world.#track(createHttpsServer(certificate, world.#answer)));
    world.proxy = `http://127.0.0.1:${await listen(world.#track(world.#createProxy()))}`;
    world.#folder = await mkdtemp(join(tmpdir(), 'proxied-'));
    await writeFile(join(world.#folder, 'ca.pem'), authority.ca);
    return world;
  }

  /** Forgets what went through. */
  reset(): void {
    for (const list of [this.seenByProxy, this.leaked, this.arrived]) list.length = 0;
  }

  /**
   * Runs a program, with the proxy in its environment unless that says otherwise, and gives what it printed. Rejects if the
   * program fails.
   */
  async run(file: string, environment: NodeJS.ProcessEnv = {}): Promise<string> {
    const env = {
      PATH: process.env['PATH'],
      CLIENT_SECRET: 'sesame',
      NODE_EXTRA_CA_CERTS: join(this.#folder, 'ca.pem'),
      HTTP_PROXY: this.proxy,
      HTTPS_PROXY: this.proxy,
      ...environment,
    };
    const { stdout } = await runFile(process.execPath, [file], { env });
    return stdout;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
    await rm(this.#folder, { recursive: true, force: true });
  }

  #createProxy(): Server {
    const proxy = createServer(({ method, url, headers }, response) => {
      this.seenByProxy.push(`${method} ${url}`);
      if (headers.authorization !== undefined) this.leaked.push(headers.authorization);
      response.end();
    });
    proxy.on('connect', ({ url }, socket: Socket, head: Buffer) => {
      this.seenByProxy.push(`CONNECT ${url}`);
      const target = connect(this.#behind, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        target.write(head);
        socket.pipe(target).pipe(socket);
      });
      target.on('error', () => socket.destroy());
      socket.on('error', () => target.destroy());
    });
    return proxy;
  }

  readonly #answer: RequestListener = ({ method, url, headers }, response) => {
    this.arrived.push(`${method} ${headers.host}${url} ${headers.authorization ?? ''}`.trim());
    const token = { access_token: 'token-1', token_type: 'Bearer', expires_in: 3_600 };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(token));
  };

  #track(server: Server): Server {
    this.#servers.push(server);
    return server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }
}
