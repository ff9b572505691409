import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Page } from './page.ts';
import { ProxiedWorld } from './servers/proxied-world.ts';

const page = new Page('proxies');
let world: ProxiedWorld;

beforeAll(async () => {
  world = await ProxiedWorld.start();
});

beforeEach(() => world.reset());

afterAll(() => Promise.all([world.close(), page.remove()]));

const api = 'https://api.example.com';
const tunnels = ['CONNECT login.example.com:443', 'CONNECT api.example.com:443'];
const requests = ['POST login.example.com/token', 'GET api.example.com/orders Bearer token-1'];
const nodeUseEnvProxy = { NODE_USE_ENV_PROXY: '1' };

/** Runs a program, and gives what it printed. */
async function run(program: string, environment?: NodeJS.ProcessEnv): Promise<string> {
  const folder = await page.write({ 'program.ts': program });
  return world.run(new URL('program.ts', folder).pathname, environment);
}

const recipes = ['axios', 'got', 'ky', 'fetch', 'undici', 'Other clients'];

/** Makes a request with every client, each with such a source, and says which of them were answered. */
const program = (source: string): string => `
  import { bearerAuth as withAxios } from '@tokenline/axios';
  import { bearerAuth as withFetch, createTokenSource } from '@tokenline/fetch';
  import { bearerAuth as withGot } from '@tokenline/got';
  import { bearerAuth as withKy } from '@tokenline/ky';
  import { bearerAuth as withUndici } from '@tokenline/undici';
  import axios from 'axios';
  import got from 'got';
  import ky from 'ky';
  import { Agent, request } from 'undici';

  const origins = { origins: ['${api}'] };
  const headers = { authorization: 'Bearer token-1' };
  const source = () => (${source});
  const clients = {
    axios: () => withAxios(axios.create({ baseURL: '${api}' }), source()).get('/orders'),
    got: () => withGot(got.extend({ prefixUrl: '${api}', retry: { limit: 0 } }), source()).get('orders'),
    ky: () => withKy(ky.create({ prefix: '${api}', retry: 0 }), source()).get('orders'),
    fetch: () => withFetch(fetch, source(), origins)('${api}/orders'),
    undici: () => request('${api}/orders', { headers }),
    'an agent of undici': () => request('${api}/orders', { dispatcher: withUndici(new Agent(), source(), origins) }),
  };
  const answered = [];
  for (const [name, call] of Object.entries(clients)) await call().then(() => answered.push(name), () => {});
  process.stdout.write(JSON.stringify(answered), () => process.exit());`;

test('every recipe of the page is run', () => {
  const modules = ['A fetch through the proxy', 'The source'];
  expect(page.headings).toEqual(['From the environment', ...modules, ...recipes]);
});

describe('from the environment', () => {
  const given = `{ getToken: async () => ({ value: 'token-1', type: 'Bearer' }) }`;
  const created = `createTokenSource({
    tokenEndpoint: 'https://login.example.com/token', clientId: 'orders', clientSecret: 'sesame', patience: 0,
    timeout: 120_000,
  })`;

  test('with NODE_USE_ENV_PROXY, all clients and their token requests use the proxy, but not an agent of undici', async () => {
    expect(JSON.parse(await run(program(created), nodeUseEnvProxy))).toEqual(['axios', 'got', 'ky', 'fetch', 'undici']);
    expect(new Set(world.seenByProxy)).toEqual(new Set(tunnels));
    expect(new Set(world.arrived)).toEqual(new Set(requests));
    expect(world.leaked).toEqual([]);
  });

  test('without it, axios alone uses the proxy', async () => {
    expect(JSON.parse(await run(program(given)))).toEqual(['axios']);
    expect(world).toMatchObject({ seenByProxy: tunnels.slice(1), arrived: requests.slice(1), leaked: [] });
  });

  test('without it, no token request does', async () => {
    expect(JSON.parse(await run(program(created)))).toEqual([]);
    expect(world.seenByProxy).toEqual([]);
  });

  test('NO_PROXY leaves hosts out', async () => {
    const environment = { ...nodeUseEnvProxy, NO_PROXY: 'api.example.com' };
    expect(JSON.parse(await run(program(created), environment))).toEqual([]);
    expect(new Set(world.seenByProxy)).toEqual(new Set(tunnels.slice(0, 1)));
  });

  test('the global dispatcher of undici serves the token request and fetch', async () => {
    await run(page.recipe('From the environment'));
    expect(world).toMatchObject({ seenByProxy: tunnels, arrived: requests, leaked: [] });
  });
});

describe('for one source and one client', () => {
  // The environment names a proxy that does not exist.
  const elsewhere = { HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9' };

  test.each(recipes)('the recipe "%s" uses the proxy, whatever the environment says', async (heading) => {
    const modules = {
      'proxied-fetch.ts': page.recipe('A fetch through the proxy'),
      'source.ts': page.recipe('The source'),
      'program.ts': page.recipe(heading),
    };
    const folder = await page.write(modules, { 'http://proxy.example.com:3128': world.proxy });
    await world.run(new URL('program.ts', folder).pathname, elsewhere);
    expect(world).toMatchObject({ seenByProxy: tunnels, arrived: requests, leaked: [] });
  });
});

describe('what the page warns of', () => {
  const headers = `{ authorization: 'Bearer token-1' }`;
  const plain = { seenByProxy: [`GET ${api}/orders`], arrived: [], leaked: ['Bearer token-1'] };

  test('axios before 1.16.1 shows the token to the proxy, but not with NODE_USE_ENV_PROXY', async () => {
    const plainAxios = `
        import axios from 'axios-before-tunnels';
        await axios.get('${api}/orders', { headers: ${headers} });`;
    await run(plainAxios);
    expect(world).toMatchObject(plain);
    world.reset();
    await expect(run(plainAxios, nodeUseEnvProxy)).rejects.toThrow('ERR_INVALID_ARG_VALUE');
    expect(world.seenByProxy).toEqual([]);
  });

  test('needle shows the token to the proxy', async () => {
    await run(`
        import needle from 'needle';
        await needle('get', '${api}/orders', { headers: ${headers} });`);
    expect(world).toMatchObject(plain);
  });
});
