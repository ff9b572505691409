import { type Clock, createTokenSource } from '@tokenline/core';
import { clients } from './clients.ts';
import type { OwnServer } from './settings.ts';
import { count, expectFigure, timeline, WrongFigure } from './timeline.ts';

/**
 * Runs the main job on the user's servers. Nothing is revoked there, and nobody waits for an hour: the token is declared
 * refused, and the clock of the source is set forward. Whatever fails is told at once.
 */
export async function runOnOwnServer({ client, url, requests }: OwnServer): Promise<void> {
  const { origin, pathname, search } = new URL(url);
  const path = `${pathname}${search}`.slice(1);
  console.log(`identity server  ${client.issuer ?? client.tokenEndpoint}`);
  console.log(`API              ${url}`);
  for (const [name, attach] of Object.entries(clients)) {
    timeline.title(name);
    let tokenRequests = 0;
    let ahead = 0;
    const clock: Clock = { now: () => Date.now() + ahead, monotonic: () => performance.now() + ahead };
    const onEvent = ({ type }: { type: string }): void => void (tokenRequests += type === 'requested' ? 1 : 0);
    const source = createTokenSource({ ...client, clock, onEvent, patience: 0 });
    const get = attach(origin, source);
    const step = async (asked: string, number: number, cost: number): Promise<void> => {
      const before = tokenRequests;
      const statuses = await Promise.all(Array.from({ length: number }, () => get(path)));
      timeline.event(
        asked,
        `${number} × ${[...new Set(statuses)].join(', ')}`,
        count(tokenRequests - before, 'token request'),
      );
      expectFigure(`${asked}: token requests`, tokenRequests - before, cost);
    };
    await step(`no token yet: ${count(requests, 'request')}`, requests, 1);
    await step('a token: one more request', 1, 0);
    const { value, expiresAt } = await source.getToken();
    const renewed = await source.getToken({ rejected: value });
    timeline.event('declared refused: the token', 'another token', 'a forced renewal');
    if (renewed.value === value) throw new WrongFigure('the renewal brought the same token');
    ahead = Math.max(0, (renewed.expiresAt ?? expiresAt ?? Date.now() + 300_000) - Date.now()) + 1_000;
    await step(`expired: ${count(requests, 'request')}`, requests, 1);
  }
  timeline.done({
    'README.md': 'the one line that attaches it to your client',
    'docs/vendors/': 'a page for each identity server',
  });
}
