import { tokenErrorOf } from '@tokenline/core';
import type { Case } from '../case.ts';
import type { Driver } from '../clients/client.ts';
import { expectTrue, failureOf } from '../expect.ts';
import { shownOf } from '../inspection.ts';
import type { World } from '../world.ts';
import { refused } from './requests.ts';

/** What a log shows. */
export function logCases(driver: Driver): Case[] {
  const about = driver.name;
  return [
    {
      about,
      name: 'a response that is printed',
      async run(world) {
        const client = driver.create(world.servers.api, world.source());
        // The echo of the API would show the token itself.
        const result = await client.result('/status/200');
        await expectNothingShown(world, result, 'the response');
        client.close?.();
      },
    },
    {
      about,
      name: 'an error that is printed',
      async run(world) {
        await world.next(refused, refused);
        const client = driver.create(world.servers.api, world.source());
        await expectNothingShown(world, await client.result('/status/200'), 'the error');
        client.close?.();
      },
    },
  ];
}

export const sourceLogCases: readonly Case[] = [
  {
    about: 'core',
    name: 'a source and its token that are printed',
    async run(world) {
      const source = world.source();
      const token = await source.getToken();
      for (const [name, value] of Object.entries({ source, token }))
        expectHidden(shownOf(value), [token.value, world.servers.client.clientSecret], name);
    },
  },
  {
    about: 'core',
    name: 'an error of the token endpoint that is printed',
    async run(world) {
      await world.change({ outage: 'invalid_client' });
      const error = tokenErrorOf(await failureOf(world.source().getToken()));
      const { clientSecret } = world.servers.client;
      expectHidden(shownOf(error), [clientSecret, encodeURIComponent(clientSecret)], 'the error');
    },
  },
];

async function expectNothingShown(world: World, value: unknown, what: string): Promise<void> {
  const { api } = await world.look();
  const tokens = api.map(({ authorization = '' }) => authorization.replace('Bearer ', ''));
  expectHidden(shownOf(value), [...tokens, world.servers.client.clientSecret], what);
}

function expectHidden(shown: string, secrets: readonly string[], what: string): void {
  for (const secret of secrets) {
    const at = shown.indexOf(secret);
    const around = shown.slice(Math.max(0, at - 80), at);
    expectTrue(at === -1, `no secret in ${what}, but there is one after ${JSON.stringify(around)}`);
  }
}
