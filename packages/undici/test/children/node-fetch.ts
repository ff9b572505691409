// Node's own fetch with a dispatcher of the undici named on the command line. A program of its own, because jest keeps
// the global dispatcher that it sees apart from that of Node.
import { ApiServer, IdentityServer, redirect, unauthorized } from '@tokenline/adapter-tests';
import { bearerAuth, createTokenSource } from '@tokenline/undici';
import type * as undici from 'undici';

const { Agent, setGlobalDispatcher } = (await import(process.argv[2] ?? 'undici')) as typeof undici;
const identity = await IdentityServer.start();
const accepts = (token: string): boolean => identity.accepts(token);
const [api, foreign] = await Promise.all([ApiServer.start({ accepts }), ApiServer.start({ accepts })]);
const agent = new Agent();
setGlobalDispatcher(bearerAuth(agent, createTokenSource(identity.client), { origins: [api.origin] }));

const statuses: number[] = [];
api.next(unauthorized(), {}, redirect(`${foreign.origin}/landing`));
for (let count = 0; count < 2; count++) {
  const response = await fetch(`${api.origin}/orders`);
  await response.text();
  statuses.push(response.status);
}
const { tokenRequests } = identity;
const tokensElsewhere = foreign.requests.filter(({ authorization }) => authorization).length;
console.log(JSON.stringify({ statuses, tokenRequests, calls: api.requests.length, tokensElsewhere }));

await agent.destroy();
await Promise.all([identity.close(), api.close(), foreign.close()]);
