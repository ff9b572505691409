import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Starts a server on the loopback interface, on any free port unless one is given, and gives its origin. */
export async function listen(server: Server, port = 0): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // Room for a herd of a thousand that connects while this process does not get to accept: connections beyond are reset.
    server.listen({ port, host: '127.0.0.1', backlog: 4_096 }, resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Stops a server, whoever is still connected. */
export async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
