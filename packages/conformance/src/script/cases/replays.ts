import { defectOf, type EchoedBody } from '../bodies.ts';
import type { Case } from '../case.ts';
import type { Driver } from '../clients/client.ts';
import { expectEqual } from '../expect.ts';
import { refused } from './requests.ts';

/** A request that is refused is sent again byte for byte; one whose body is used up is not. */
export function replayCases(driver: Driver): Case[] {
  const about = driver.name;
  const without: Case = {
    about,
    name: 'replay without a body',
    async run(world) {
      const client = driver.create(world.servers.api, world.source());
      await world.next(refused);
      expectEqual((await client.send({ path: '/orders' })).status, 200, 'status');
      expectEqual((await world.look()).api.length, 2, 'requests');
      client.close?.();
    },
  };
  const replayed = driver.replayed.map((kind): Case => ({
    about,
    name: `replay of ${kind}`,
    async run(world) {
      const client = driver.create(world.servers.api, world.source());
      await world.next(refused);
      const { status, text } = await client.send({ path: '/orders', body: kind });
      const { api, tokenRequests } = await world.look();
      expectEqual([status, api.length, tokenRequests], [200, 2, 2], 'status, requests and token requests');
      const { headers, body } = JSON.parse(text) as { headers: Record<string, string>; body: EchoedBody };
      expectEqual(await defectOf(kind, body, headers['content-type'] ?? ''), undefined, 'what is wrong with the body');
      // A boundary may be longer or shorter the second time.
      if (!kind.endsWith('FormData')) expectEqual(api[0]?.bytes, api[1]?.bytes, 'bytes of the two requests');
      client.close?.();
    },
  }));
  const usedUp = driver.usedUp.map((kind): Case => ({
    about,
    name: `no replay of ${kind}`,
    async run(world) {
      const client = driver.create(world.servers.api, world.source());
      await world.next(refused);
      const { status, text } = await client.send({ path: '/orders', body: kind });
      expectEqual([status, text], [401, refused.body], 'the first answer');
      await world.until('the token is renewed', ({ tokenRequests }) => tokenRequests === 2);
      expectEqual((await world.look()).api.length, 1, 'requests');
      client.close?.();
    },
  }));
  return [without, ...replayed, ...usedUp];
}
