import { afterAll, describe, expect, test } from '@jest/globals';
import { RedisServer } from '@tokenline/adapter-tests';
import { folder, titleWith } from './folder.ts';
import { type Fault, Matrix, shared, until } from './matrix.ts';
import { tell } from './tell.ts';

const servers = await Promise.all(
  (['redis-server', 'valkey-server'] as const).map(async (program) => {
    const settings = ['--dir', folder, '--dbfilename', program, '--busy-reply-threshold', '20'];
    return { program, server: await RedisServer.start({ program, settings }) };
  }),
);
afterAll(() => Promise.all(servers.map(async ({ server }) => server?.stop())));

/** Takes so long to read what it has on disk that the fault is over first. */
const slowly = ['--key-load-delay', '1000', '--loading-process-events-interval-bytes', '1024'];
const fill = `for i = 1, 100000 do redis.call('SET', 'key' .. i, i) end`;

function faultsOf(server: RedisServer): Record<string, Fault> {
  const setting = (name: string, value: string, normal: string, code: string): Fault => ({
    begin: () => tell(server, 'CONFIG', 'SET', name, value),
    end: () => tell(server, 'CONFIG', 'SET', name, normal),
    code,
  });
  return {
    'is full': setting('maxmemory', '1', '0', 'OOM'),
    'has lost its replicas': setting('min-replicas-to-write', '1', '0', 'NOREPLICAS'),
    'has become a replica': {
      begin: () => tell(server, 'REPLICAOF', '127.0.0.1', '1'),
      end: () => tell(server, 'REPLICAOF', 'NO', 'ONE'),
      code: 'READONLY',
    },
    'runs the script of somebody else': {
      begin: async () => {
        tell(server, 'EVAL', 'while true do end', '0').catch(() => {});
        await until(async () => (await tell(server, 'PING').catch(String)).includes('BUSY'));
      },
      end: () => tell(server, 'SCRIPT', 'KILL'),
      code: 'BUSY',
    },
    'stands still': { begin: async () => server.freeze(), end: async () => server.thaw() },
    'has ended': { begin: () => server.stop(), end: () => server.resume() },
    'is starting': {
      begin: async () => {
        await tell(server, 'EVAL', fill, '0');
        await tell(server, 'SAVE');
        await server.stop();
        await server.resume(...slowly);
      },
      end: () => tell(server, 'CONFIG', 'SET', 'key-load-delay', '0'),
      code: 'LOADING',
    },
  };
}

for (const { program, server } of servers) {
  (server === undefined ? describe.skip : describe)(titleWith(program, server !== undefined), () => {
    const matrix = new Matrix(() => ({ topology: 'single', ports: [server?.port ?? 0] }));
    const own = server as RedisServer;

    test('gives one token to the processes of all clients', async () => {
      expect(await matrix.ask()).toEqual(shared);
    });

    test('that forgets its scripts is given them again', async () => {
      expect(await matrix.askWhile(() => tell(own, 'SCRIPT', 'FLUSH'))).toEqual(shared);
    });

    test('that loses all of its keys costs one token request', async () => {
      const { requests } = await matrix.askWhile(async () => {
        const before = matrix.identity.tokenRequests;
        await tell(own, 'FLUSHALL');
        await until(() => matrix.identity.tokenRequests > before);
      });
      expect(requests).toBe(2);
    });

    test.each(Object.entries(faultsOf(own)))('that %s fails nobody', (_, fault) => matrix.survive(fault));

    test('has none of its clients show a token or end', () => matrix.keepPeace());
  });
}
