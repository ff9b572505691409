import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Authority, privateAuthority } from '@tokenline/adapter-tests/certificates';
import { mtlsFetch } from '@tokenline/undici/mtls-fetch';

let authority: Authority;
let server: Server;
let url: string;

beforeAll(async () => {
  authority = await privateAuthority();
  const localhost = await authority.issue('localhost');
  server = createServer(
    { ...localhost, ca: authority.ca, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const socket = request.socket as TLSSocket;
      const { subject } = socket.getPeerCertificate();
      response.setHeader('content-type', 'application/json');
      request.on('end', () => response.end(JSON.stringify({ authorized: socket.authorized, name: subject?.CN })));
      request.resume();
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://localhost:${(server.address() as AddressInfo).port}/`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('a fetch with a certificate shows it', async () => {
  const send = mtlsFetch({ ...(await authority.issue('orders')), ca: authority.ca });
  for (const body of [undefined, 'a=b', new URLSearchParams({ a: 'b' })]) {
    const response = await send(url, { method: 'POST', ...(body === undefined ? {} : { body }) });
    expect(await response.json()).toEqual({ authorized: true, name: 'orders' });
  }
});

test('a fetch without one is like any other', async () => {
  const response = await mtlsFetch({ cert: undefined, key: undefined, ca: authority.ca })(url);
  expect(await response.json()).toEqual({ authorized: false });
});

test('a server that nobody vouches for is not talked to', async () => {
  await expect(mtlsFetch(await authority.issue('orders'))(url)).rejects.toThrow('fetch failed');
});

test('what the signal ends is ended', async () => {
  const reason = new Error('gone');
  await expect(mtlsFetch({ ca: authority.ca })(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('a key that is none is refused where it is given, or at the first request', async () => {
  const { cert } = await authority.issue('orders');
  const use = async (): Promise<unknown> => mtlsFetch({ cert, key: 'no key', ca: authority.ca })(url);
  await expect(use()).rejects.toThrow(/PEM|fetch failed/);
});
