import { setTimeout as sleep } from 'node:timers/promises';
import { ApiServer, IdentityServer } from '@tokenline/adapter-tests';
import { createTokenSource } from '@tokenline/core';
import { clients, type Get } from './clients.ts';
import { count, expectFigure, timeline } from './timeline.ts';

const herd = 1_000;
const hour = 3_600_000;
const short = 2_000;

/** Runs the main job on an identity server and an API of its own, and checks every figure against what the servers counted. */
export async function runEmbedded(): Promise<void> {
  const identity = await IdentityServer.start();
  const api = await ApiServer.start({ accepts: (token) => identity.accepts(token) });
  try {
    console.log(`identity server  ${identity.issuer}  (oidc-provider; client credentials at /connect/token)`);
    console.log(`protected API    ${api.origin}  (answers 401 to a token that is expired or revoked)`);
    for (const [name, attach] of Object.entries(clients)) {
      timeline.title(name);
      await tell(identity, api, attach(api.origin, createTokenSource(identity.client)));
    }
    timeline.done('Every figure is what it should be.');
  } finally {
    await Promise.all([identity.close(), api.close()]);
  }
}

async function tell(identity: IdentityServer, api: ApiServer, get: Get): Promise<void> {
  /** Asks the API, and compares what both servers counted with what the step should cost. */
  const step = async (
    asked: string,
    requests: number,
    cost: { tokenRequests: number; refused: number },
  ): Promise<void> => {
    const before = { tokenRequests: identity.tokenRequests, calls: api.requests.length };
    const statuses = await Promise.all(Array.from({ length: requests }, () => get('orders')));
    const ok = statuses.filter((status) => status === 200).length;
    const refused = api.requests.length - before.calls - ok;
    const tokenRequests = identity.tokenRequests - before.tokenRequests;
    timeline.event(
      asked,
      `${refused === 0 ? '' : `${refused.toLocaleString('en')} × 401, then `}${ok.toLocaleString('en')} × 200`,
      count(tokenRequests, 'token request'),
    );
    expectFigure(`${asked}: answers with status 200`, ok, requests);
    expectFigure(`${asked}: answers with status 401`, refused, cost.refused);
    expectFigure(`${asked}: token requests that the identity server counted`, tokenRequests, cost.tokenRequests);
  };

  identity.lifetime = hour;
  await step('the first request', 1, { tokenRequests: 1, refused: 0 });
  await step(`${count(herd, 'request')} at once`, herd, { tokenRequests: 0, refused: 0 });
  identity.revokeAll();
  // The token that replaces the revoked one is to expire while we wait.
  identity.lifetime = short;
  await step('the token is revoked; one request', 1, { tokenRequests: 1, refused: 1 });
  identity.lifetime = hour;
  await sleep(short);
  await step(`the token has expired; ${count(herd, 'request')} at once`, herd, { tokenRequests: 1, refused: 0 });
}
