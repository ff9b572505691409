import { Agent, createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { close } from '@tokenline/adapter-tests';
import { privateAuthority } from '@tokenline/adapter-tests/certificates';
import { sourceOf } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/got';
import type { HTTPError } from 'got';
import { newest, oldest } from './versions.ts';

const token = 'Vb4Tn8Rm';

let server: Server;
let ca: string;
beforeAll(async () => {
  const authority = await privateAuthority();
  ({ ca } = authority);
  server = createServer(await authority.issue('localhost'), (_, response) => {
    response.statusCode = 404;
    response.end('no');
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
});
afterAll(() => close(server));

describe.each([newest, oldest])('$adapter.name over https', ({ got }) => {
  test.each([undefined, new Map()])('shows no token in answer, request or agent, with a cache of %p', async (cache) => {
    const agent = new Agent({ keepAlive: true, ca });
    const url = `https://localhost:${(server.address() as AddressInfo).port}`;
    const client = bearerAuth(
      got.extend({ prefixUrl: url, agent: { https: agent }, ...(cache && { cache }) }),
      sourceOf(token),
    );
    const error = await client('orders').catch((reason: HTTPError) => reason as Required<HTTPError>);
    const { response, request } = error as Required<HTTPError>;
    for (const value of [error, response, request, agent])
      expect(inspect(value, { depth: 4 }).includes(token)).toBe(false);
    agent.destroy();
  });
});
