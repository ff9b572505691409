import { afterEach } from '@jest/globals';
import { ApiServer } from '@tokenline/adapter-tests';

const servers: ApiServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Starts an API that lasts for one test, and answers 200 to whoever asks, with a token or without. */
export async function startApi(): Promise<ApiServer> {
  const api = await ApiServer.start({ accepts: () => true });
  servers.push(api);
  api.respond = () => ({ headers: { 'content-type': 'application/json' }, body: '{"status":200}' });
  return api;
}
