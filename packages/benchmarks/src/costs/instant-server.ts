// Runs as a worker, with a heap of its own: an API and a token endpoint that answer anything at once.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort } from 'node:worker_threads';

let issued = 0;
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  response.setHeader('content-type', 'application/json');
  if (request.method !== 'POST') return response.end('{"id":7}');
  const access_token = String(++issued).padStart(43, 'token-');
  return response.end(JSON.stringify({ access_token, token_type: 'Bearer', expires_in: 86_400 }));
});
server.listen(0, '127.0.0.1', () => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows, this is a worker
  parentPort?.postMessage((server.address() as AddressInfo).port);
});
