import { afterAll, describe, expect, test } from '@jest/globals';
import type { RedisServer } from '@tokenline/adapter-tests';
import { titleWith } from './folder.ts';
import { Matrix, shared, until } from './matrix.ts';
import { Sentinels } from './sentinels.ts';

const program = 'valkey-server';
const sentinels = await Sentinels.start(program);
afterAll(() => sentinels?.stop());

const title = titleWith(`a ${program} that sentinels watch`, sentinels !== undefined);
(sentinels === undefined ? describe.skip : describe)(title, () => {
  const matrix = new Matrix(() => ({ topology: 'sentinels', ports: sentinels?.ports ?? [] }));
  const watched = sentinels as Sentinels;

  test('gives one token to the processes of all clients', async () => {
    expect(await matrix.ask()).toEqual(shared);
  });

  test('that ends, so that another takes its place, fails nobody', async () => {
    const lost = (await watched.primary()) as RedisServer;
    await matrix.survive({
      begin: () => lost.stop(),
      end: () => until(async () => (await watched.primary()) !== lost),
    });
  });

  test('has none of its clients show a token or end', () => matrix.keepPeace());
});
