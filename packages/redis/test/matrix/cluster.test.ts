import { afterAll, describe, expect, test } from '@jest/globals';
import { newPrefix } from '../redis.ts';
import { Cluster } from './cluster.ts';
import { titleWith } from './folder.ts';
import { Matrix, shared, until } from './matrix.ts';
import { tell } from './tell.ts';

const program = 'redis-server';
const cluster = await Cluster.start(program);
afterAll(() => cluster?.stop());

(cluster === undefined ? describe.skip : describe)(titleWith(`a cluster of ${program}`, cluster !== undefined), () => {
  const matrix = new Matrix(() => ({ topology: 'cluster', ports: cluster?.ports ?? [] }));
  const { first, second, spare } = (cluster ?? {}) as Cluster;

  test('gives one token to the processes of all clients', async () => {
    expect(await matrix.ask()).toEqual(shared);
  });

  test('that moves a slot has it where it is asked for it (ASK), and where it is then (MOVED)', async () => {
    // All keys with this prefix are in one slot.
    const prefix = `{${newPrefix()}}`;
    const slot = await tell(first.server, 'CLUSTER', 'KEYSLOT', prefix);
    const [from, to] = Number(slot) < 8_192 ? [first, second] : [second, first];
    await tell(to.server, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', from.id);
    await tell(from.server, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', to.id);
    // redis 4 mixes up what it asks of the new node, at times, and then goes on alone.
    expect((await matrix.ask(`${prefix}asked`)).requests).toBeLessThanOrEqual(2);
    const moving = matrix.askWhile(async () => {
      await tell(to.server, 'CLUSTER', 'SETSLOT', slot, 'NODE', to.id);
      await tell(from.server, 'CLUSTER', 'SETSLOT', slot, 'NODE', to.id);
    }, `${prefix}moving`);
    expect((await moving).requests).toBeLessThanOrEqual(2);
    expect(await matrix.ask(`${prefix}moved`)).toEqual(shared);
  });

  test('whose replica takes the place of a node goes on', async () => {
    await matrix.askWhile(async () => {
      await tell(spare.server, 'CLUSTER', 'FAILOVER');
      await until(async () => (await tell(spare.server, 'ROLE')).startsWith('master'));
    });
    expect(await matrix.ask()).toEqual(shared);
  });

  // A cluster client of redis 4 never connects again to a node that it has lost.
  const lost = ['redis-oldest'];

  test('that loses a node, whose replica takes its place, fails nobody', () =>
    matrix.survive({
      begin: async () => {
        await spare.server.stop();
        await tell(first.server, 'CLUSTER', 'FAILOVER', 'TAKEOVER');
      },
      end: () => spare.server.resume(),
      lost,
    }));

  test('that loses a node for which there is no replica fails nobody', () =>
    matrix.survive({ begin: () => second.server.stop(), end: () => second.server.resume(), lost }));

  test('has none of its clients show a token or end', () => matrix.keepPeace());
});
