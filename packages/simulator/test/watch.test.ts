import { expect, test } from '@jest/globals';
import { type GetTokenOptions, TokenError } from '@tokenline/core';
import { Fleet, inflict, type Process, World } from '../src/index.ts';

const minute = 60_000;

/** What a process does in place of its source of tokens. */
type Planted = (fleet: Fleet, process: Process, options: GetTokenOptions) => Promise<{ value: string }>;

/** What the watch says of processes that, from their second call on, get their tokens like this, with or without a fault. */
async function violationsOf(planted: Planted, fault?: string): Promise<string[]> {
  const options = { processes: 2, lifetime: minute, pace: 100, gap: 1_000, start: 0, shared: true };
  const fleet = new Fleet(new World(1), options);
  if (fault !== undefined) inflict(fleet, fault, minute);
  for (const process of fleet.processes) {
    const plant = (): unknown =>
      Object.defineProperty(process.source, 'getToken', {
        value: (own: GetTokenOptions) => planted(fleet, process, own),
      });
    fleet.world.after(1, plant);
  }
  await fleet.run(2 * minute);
  return fleet.watch.violations;
}

const token = async (): Promise<{ value: string }> => ({ value: 'token-1' });

const ask = async ({ identityServer }: Fleet, process: Process): Promise<{ value: string }> => {
  const { signal } = new AbortController();
  const send = identityServer.fetchOf(process);
  const answer = await send('https://login.example.com', { headers: {}, redirect: 'manual', signal });
  const { access_token: value } = JSON.parse(await answer.text()) as { access_token: string };
  return { value };
};

test.each<[string, RegExp, Planted]>([
  ['hands out an expired token', /hands out token-1, which has expired/, token],
  [
    'hands out the token that was refused',
    /hands out token-1, which was refused/,
    async (fleet) => {
      fleet.identityServer.revokeAll();
      return token();
    },
  ],
  [
    'hands out a token again that was refused and replaced',
    /hands out token-1, which was refused/,
    async (fleet, process, { rejected }) => {
      if (fleet.world.time > 10_000) fleet.identityServer.revokeAll();
      return rejected === undefined ? token() : ask(fleet, process);
    },
  ],
  [
    'hands out an older token in place of the one that was refused',
    /hands out token-1 in place of token-\d+, which is younger/,
    async (fleet, process, { rejected }) => {
      if (fleet.world.time < 40_000 || rejected !== undefined) return token();
      const younger = await ask(fleet, process);
      fleet.identityServer.revokeAll();
      return younger;
    },
  ],
  ['never settles', /a caller in #\d waits since \d+ ms/, () => new Promise(() => {})],
  [
    'settles too late',
    /a caller in #\d waited for 13000 ms/,
    (_, process) => new Promise((resolve) => void process.after(13_000, () => resolve({ value: 'token-1' }))),
  ],
  [
    'fails with a foreign error',
    /fails a caller with another error: Error: oops/,
    () => Promise.reject(new Error('oops')),
  ],
  ['asks again and again', /made \d+ token requests in a minute/, ask],
  ['asks although another has just asked', /asks again after \d+ ms/, ask],
])('a process that %s breaks a rule', async (_, rule, planted) => {
  expect(await violationsOf(planted)).toContainEqual(expect.stringMatching(rule));
});

const never = (): Promise<never> => Promise.reject(new TokenError('ERR_TOKEN_REQUEST', 'no'));

test('a process that fails a caller long after the last fault breaks a rule', async () => {
  expect(await violationsOf(never)).toContainEqual(expect.stringMatching(/fails a caller \d+ ms after the last fault/));
});

const discards: Planted = (fleet, process) => {
  if (fleet.world.time > 30_000 && fleet.world.time < 60_000) fleet.watch.noted(process, 'discarded');
  return token();
};

test('a process that renews its token with one that is no better breaks a rule, unless something is wrong', async () => {
  const rule = expect.stringMatching(/#\d renews its token with one that is no better/);
  expect(await violationsOf(discards)).toContainEqual(rule);
  expect(await violationsOf(discards, 'unavailable')).not.toContainEqual(rule);
});

const late: Planted = (_, process) =>
  new Promise((resolve) => void process.after(5_000, () => resolve({ value: 'token-1' })));

test('a process that waits long for a store that is down breaks a rule', async () => {
  const rule = expect.stringMatching(/waited for 5000 ms for a store that is down/);
  expect(await violationsOf(late, 'store-silent')).toContainEqual(rule);
  expect(await violationsOf(late)).not.toContainEqual(rule);
});
