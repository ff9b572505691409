// Node's own fetch, given a dispatcher of the undici named on the command line: with a token, and without.
import { ApiServer } from '@tokenline/adapter-tests';
import { bearerAuth } from '@tokenline/undici';
import type { Dispatcher } from 'undici';
import type * as undici from 'undici';

const { Agent } = (await import(process.argv[2] ?? 'undici')) as typeof undici;
const api = await ApiServer.start({ accepts: () => true });
api.refuse = () => undefined;
const agent = new Agent();
const source = {
  getToken: async () => ({ value: 'a', type: 'Bearer', expiresAt: undefined, scope: undefined }) as const,
};

async function outcome(dispatcher: Dispatcher): Promise<unknown> {
  try {
    return (await fetch(`${api.origin}/orders`, { dispatcher } as object)).status;
  } catch (error) {
    return String((error as Error).cause);
  }
}

const plain = await outcome(agent);
const attached = await outcome(bearerAuth(agent, source, { origins: [api.origin] }));
console.log(JSON.stringify({ plain, attached }));

await agent.destroy();
await api.close();
