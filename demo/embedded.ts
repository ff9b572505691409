import { ApiServer, IdentityServer } from '@tokenline/adapter-tests';
import { type Clock, createTokenSource } from '@tokenline/core';
import { clients, type Get } from './clients.ts';
import { naiveInterceptor } from './naive.ts';
import { count, expectFigure, timeline } from './timeline.ts';

const herd = 1_000;
const hour = 3_600_000;

/** Runs the main job on an identity server and an API of its own, and checks every figure against what the servers counted. */
export async function runEmbedded(): Promise<void> {
  let later = 0;
  const now = (): number => Date.now() + later;
  const clock: Clock = { now, monotonic: () => performance.now() + later };
  const identity = await IdentityServer.start({ now });
  const api = await ApiServer.start({ accepts: (token) => identity.accepts(token) });
  /** Runs all steps; without an expected cost the figures are shown as they are. */
  const tell = async (title: string, get: Get, cost?: number): Promise<void> => {
    timeline.title(title);
    const step = stepsOf(identity, api, get);
    await step(`no token yet: ${count(herd, 'request')}`, herd, cost);
    await step('a token: one more request', 1, cost && 0);
    identity.revokeAll();
    await step('revoked: 100 requests', 100, cost);
    later += hour;
    await step(`expired: ${count(herd, 'request')}`, herd, cost);
  };
  try {
    console.log(`identity server  ${identity.issuer}  (oidc-provider, tokens for an hour)`);
    console.log(`protected API    ${api.origin}  (401 if a token is expired or revoked)`);
    console.log('All requests of a step are sent at once. Both servers count what arrives.');
    const naive = naiveInterceptor(api.origin, identity.tokenEndpoint, identity.client, now);
    await tell('for comparison: axios with an interceptor as one writes it by hand', naive);
    for (const [name, attach] of Object.entries(clients)) {
      const source = createTokenSource({ ...identity.client, clock });
      await tell(`${name} with tokenline`, attach(api.origin, source), 1);
    }
    timeline.done({
      'npx -y pnpm@12 demo --help': 'the same on your identity server and API',
      'npx -y pnpm@12 test': 'all tests',
      'README.md': 'the one line that attaches it to your client',
    });
  } finally {
    await Promise.all([identity.close(), api.close()]);
  }
}

/** Asks the API, and compares what both servers counted with what the step should cost. */
function stepsOf(identity: IdentityServer, api: ApiServer, get: Get) {
  return async (asked: string, requests: number, cost: number | undefined): Promise<void> => {
    const before = { tokenRequests: identity.tokenRequests, calls: api.requests.length };
    const statuses = await Promise.all(Array.from({ length: requests }, () => get('orders')));
    const ok = statuses.filter((status) => status === 200).length;
    const refused = api.requests.length - before.calls - ok;
    const tokenRequests = identity.tokenRequests - before.tokenRequests;
    timeline.event(
      asked,
      `${refused === 0 ? '' : `${refused} × 401, `}${ok.toLocaleString('en')} × 200`,
      count(tokenRequests, 'token request'),
    );
    if (cost === undefined) return;
    expectFigure(`${asked}: answers with status 200`, ok, requests);
    expectFigure(`${asked}: token requests that the identity server counted`, tokenRequests, cost);
  };
}
