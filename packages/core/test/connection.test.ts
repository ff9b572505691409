import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import nock from 'nock';
import { expectNoSecretIn, failureOf, source, token, tokenValue } from './support.ts';

// Real sockets, for what only they can do.
beforeAll(() => nock.restore());

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** The URL of a token endpoint that answers like this. */
async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/connect/token`;
}

const body = JSON.stringify(token().body);
const megabyte = 1024 * 1024;

describe('a connection', () => {
  test.each<[string, RequestListener]>([
    [
      'with garbage in place of gzip',
      (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(body),
    ],
    ['that breaks off in the headers', (request) => request.socket.destroy()],
    ['that breaks off in the body', (_, response) => response.write(body, () => response.destroy())],
    ['with more than a megabyte', (_, response) => response.end(' '.repeat(megabyte + 1))],
    [
      'with more than a megabyte in endless pieces',
      (_, response) => {
        const more = (error?: Error | null): unknown => error ?? response.write(' '.repeat(megabyte / 4), more);
        more();
      },
    ],
  ])('%s is a request that failed', async (_, listener) => {
    const tokenEndpoint = await serve(listener);
    const error = await failureOf(source({ tokenEndpoint }).getToken());
    expect(error).toMatchObject({ code: 'ERR_TOKEN_REQUEST', transient: true, cause: expect.any(Error) });
    expect(error.message).toContain(tokenEndpoint);
    expectNoSecretIn(error);
  });

  test.each<[string, RequestListener]>([
    ['before the headers', () => {}],
    ['before the body', (_, response) => response.flushHeaders()],
    ['in the body', (_, response) => response.write(body.slice(0, 20))],
  ])('that stalls %s ends at the deadline', async (_, listener) => {
    const tokenEndpoint = await serve(listener);
    const error = await failureOf(source({ tokenEndpoint, timeout: 40 }).getToken());
    expect(error).toMatchObject({ code: 'ERR_TOKEN_TIMEOUT', transient: true });
    expect(error.message).toBe(`no token from ${tokenEndpoint} within 40 ms`);
    expectNoSecretIn(error);
  });

  test('that nobody accepts tells why', async () => {
    const tokenEndpoint = await serve(() => {});
    await new Promise((resolve) => server?.close(resolve));
    const error = await failureOf(source({ tokenEndpoint }).getToken());
    expect(error).toMatchObject({ code: 'ERR_TOKEN_REQUEST', transient: true, cause: { message: 'fetch failed' } });
    expect(error).toHaveProperty('cause.cause.code', 'ECONNREFUSED');
  });

  test('is not led elsewhere: a 307 does not carry the secret on', async () => {
    const asked: unknown[] = [];
    const tokenEndpoint = await serve((request, response) => {
      asked.push(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    await expect(failureOf(source({ tokenEndpoint }).getToken())).resolves.toMatchObject({ status: 307 });
    expect(asked).toEqual(['/connect/token']);
  });

  test('may bring a megabyte', async () => {
    const tokenEndpoint = await serve((_, response) => response.end(body.padEnd(megabyte)));
    await expect(source({ tokenEndpoint }).getToken()).resolves.toMatchObject({ value: tokenValue });
  });
});
