import { proofKey } from '@tokenline/core';
import type { Case } from '../case.ts';
import type { Driver } from '../clients/client.ts';
import { expectEqual } from '../expect.ts';

/** Tokens that are bound to a key. */
export function proofCases(driver: Driver): Case[] {
  const about = driver.name;
  return [
    {
      about,
      name: 'DPoP',
      async run(world) {
        await world.change({ guarded: true, requireNonces: true, nonce: 'first' });
        const client = driver.create(world.servers.api, world.source({ dpop: proofKey() }));
        expectEqual((await client.send({ path: '/status/200' })).status, 200, 'status of the first request');
        await world.change({ nonce: 'second' });
        expectEqual((await client.send({ path: '/status/200' })).status, 200, 'status with another nonce');
        await world.change({ revokeAll: true });
        expectEqual((await client.send({ path: '/status/200' })).status, 200, 'status after a revocation');
        const { acceptedProofs, api } = await world.look();
        expectEqual([acceptedProofs, api.length], [3, 6], 'proofs that were accepted, and requests');
        client.close?.();
      },
    },
    {
      about,
      name: 'DPoP, redirect to another origin',
      async run(world) {
        await world.change({ guarded: true });
        const client = driver.create(world.servers.api, world.source({ dpop: proofKey() }));
        await world.next({ status: 302, headers: { location: `${world.servers.foreign}/orders` } });
        await client.send({ path: '/moved' }).catch(() => {});
        const { foreign } = await world.look();
        const carried = foreign.filter(({ authorization, proof }) => (authorization ?? proof) !== undefined);
        expectEqual(carried, [], 'requests of the other origin that carry anything');
        client.close?.();
      },
    },
  ];
}
