import { createServer } from 'node:http';
import { orders, redis } from './orders.ts';

const { PORT = '3000' } = process.env;

const server = createServer(async ({ url = '/' }, response) => {
  response.setHeader('content-type', 'application/json').setHeader('x-process', process.pid);
  const [, id] = /^\/orders\/([\w-]+)$/.exec(url) ?? [];
  try {
    if (id === undefined) response.writeHead(404).end('{"error":"There are only orders."}');
    else response.end(await orders(`orders/${id}`).text());
  } catch (error) {
    console.error(`orders/${id}: ${String(error)}`);
    response.writeHead(502).end('{"error":"The orders are not available."}');
  }
});

// Not awaited: the service starts without Redis, too.
redis.connect().catch((error: Error) => console.error(`redis: ${error.message}`));
server.listen(Number(PORT));

process.on('SIGINT', () => {}); // of Ctrl+C, which goes to all processes; main.ts sends the signal that counts
process.once('SIGTERM', async () => {
  await new Promise((closed) => server.close(closed));
  await redis.close();
  process.disconnect?.();
});
