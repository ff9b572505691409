import { EventEmitter, once } from 'node:events';
import { inspect } from 'node:util';
import { redirect, unauthorized } from '@tokenline/adapter-tests';
import { until } from '@tokenline/adapter-tests/suite';
import type { Client } from './client.ts';
import type { World } from './world.ts';

/** What a scenario plays with. */
interface Stage {
  readonly client: Client;
  readonly world: World;
  /** How many of a herd fail before the token that it waits for is there. */
  readonly lost: number;
  /** Whether a token is renewed while requests are sent with it. */
  readonly ahead: boolean;
}

const size = 20;
const hour = 3_600_000;

const count = (tokenRequests: number): string =>
  tokenRequests === 0 ? 'no token request' : `${tokenRequests} token request${tokenRequests === 1 ? '' : 's'}`;

/** A request for the orders. */
const orders = ({ client, world }: Stage): Promise<number> => client.get(`${world.api.origin}/orders`);

/** Sends requests at once. Their tokens are held back until as many have failed as are to be lost. */
async function herd(stage: Stage): Promise<string> {
  const { world, lost } = stage;
  const statuses: number[] = [];
  world.startCounting();
  world.identity.fail('hanging');
  const all = Array.from({ length: size }, async () => statuses.push(await orders(stage)));
  await until(() => statuses.length === lost, 'the others have failed');
  world.identity.recover();
  await Promise.all(all);
  const refused = statuses.filter((status) => status === 401).length;
  return count(world.tokenRequests) + (refused > 0 ? `; ${refused} requests fail with the 401` : '');
}

/** What the caller gets in place of an answer. */
const failure = (answer: Promise<number>): Promise<unknown> =>
  answer.then(
    () => undefined,
    (error: unknown) => error,
  );

/** Whether a text has the secret, in any of the forms in which it is sent. */
function holdsSecret(text: string): boolean {
  const secret = process.env['CLIENT_SECRET'] ?? '';
  const forms = [secret, String(new URLSearchParams({ secret })).slice('secret='.length), btoa(`orders:${secret}`)];
  return forms.some((form) => text.includes(form));
}

/** Each row of the tables: lets it happen, and says what came of it in the words of the page. */
export const scenarios: Readonly<Record<string, (stage: Stage) => Promise<string>>> = {
  '20 requests start together, without a token': herd,

  async '20 requests start together, with an expired token'(stage) {
    await orders(stage);
    stage.world.moveClocks(hour);
    return herd(stage);
  },

  async 'a request starts two minutes before the expiry'(stage) {
    const { world, ahead } = stage;
    await orders(stage);
    const [before] = world.api.requests.slice(-1);
    world.moveClocks(hour - 120_000);
    world.startCounting();
    await orders(stage);
    if (ahead) await until(() => world.tokenRequests > 0, 'the renewal starts');
    const [after] = world.api.requests;
    if (world.tokenRequests === 0) return 'no renewal yet';
    return after?.authorization === before?.authorization ? 'a renewal in the background' : 'waits for a new token';
  },

  async 'two requests have a revoked token, and the second 401 comes late'(stage) {
    const { client, world } = stage;
    await orders(stage);
    world.identity.revokeAll();
    world.startCounting();
    const gate = new EventEmitter();
    world.api.next(unauthorized('Bearer error="invalid_token"', { after: once(gate, 'open') }));
    const late = client.get(`${world.api.origin}/late`);
    await until(() => world.api.requests.length > 0, 'it is sent');
    const first = await orders(stage);
    gate.emit('open');
    const second = await late;
    return `${count(world.tokenRequests)}; ${first === second ? 'both' : first + ' and'} ${second}`;
  },

  async 'the API refuses every token, 20 requests in one moment'(stage) {
    const { world } = stage;
    await orders(stage);
    world.api.refuse = () => unauthorized('Bearer error="invalid_token"');
    world.moveClocks(0, true);
    world.startCounting();
    for (let sent = 0; sent < size; sent++) await orders(stage);
    return count(world.tokenRequests);
  },

  async 'the token endpoint answers 503 once'(stage) {
    const { world } = stage;
    await orders(stage);
    world.moveClocks(hour);
    world.startCounting();
    world.identity.fail('unavailable');
    const outcome = orders(stage).then(
      (status) => `${status}, after a wait`,
      () => 'the request fails',
    );
    await until(() => world.tokenRequests > 0, 'a token is requested');
    world.identity.recover();
    return outcome;
  },

  async 'the token endpoint refuses the client'(stage) {
    const { world } = stage;
    await orders(stage);
    world.moveClocks(hour);
    world.identity.fail('invalid_client');
    const error = await failure(orders(stage));
    const { name } = error as Error;
    if (holdsSecret(inspect(error))) return `\`${name}\`; logging it prints the secret`;
    return `\`${name}\`; ${holdsSecret(inspect(error, { depth: 12 })) ? 'it holds the secret, deep inside' : 'the secret is not in it'}`;
  },

  async 'the URL is one of another origin'({ client, world }) {
    await client.get(`${world.foreign.origin}/orders`);
    return world.foreign.requests[0]?.authorization === undefined
      ? 'it is sent without the token'
      : 'the token goes there';
  },

  async 'a POST of a stream has a revoked token'(stage) {
    const { client, world } = stage;
    await orders(stage);
    world.identity.revokeAll();
    world.startCounting();
    const status = await client.postStream(`${world.api.origin}/orders`, 'an order');
    const [, again] = world.api.requests;
    if (again === undefined) return `${status}; sent once`;
    return `${status}; sent again, ${again.body.length === 0 ? 'empty' : 'from a copy in memory'}`;
  },

  async 'the API redirects to another origin'({ client, world }) {
    await client.get(`${world.api.origin}/orders`);
    world.api.next(redirect(`${world.foreign.origin}/orders`));
    await client.get(`${world.api.origin}/orders`);
    const [arrived] = world.foreign.requests;
    if (arrived === undefined) return 'the redirect is not followed';
    return arrived.authorization === undefined ? 'the token stays behind' : 'the token goes along';
  },

  async 'the API redirects to another path'({ client, world }) {
    await client.get(`${world.api.origin}/orders`);
    world.api.next(redirect('/elsewhere'));
    return String(await client.get(`${world.api.origin}/orders`));
  },
};
