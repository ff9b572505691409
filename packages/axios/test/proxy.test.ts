import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { close, listen } from '@tokenline/adapter-tests';
import { sourceOf } from '@tokenline/adapter-tests/suite';
import type * as adapter from '@tokenline/axios';
import type { AxiosAdapter, AxiosStatic, CreateAxiosDefaults } from 'axios';

type BearerAuth = (typeof adapter)['bearerAuth'];
const token = 'Vb4Tn8Rm';

/** Whether each request that the proxy could read held the token. */
let heard: boolean[] = [];
let proxy: Server;
let proxyUrl: string;
const names = /^(?:npm_config_)?(?:https?_|all_|no_)?proxy$/i;
const usual = Object.entries(process.env).filter(([name]) => names.test(name));

beforeEach(async () => {
  heard = [];
  proxy = createServer(({ headers }, response) => {
    heard.push(headers.authorization?.includes(token) === true);
    response.end('read');
  });
  proxyUrl = await listen(proxy);
  for (const [name] of usual) delete process.env[name];
});
afterEach(async () => {
  for (const name of Object.keys(process.env)) if (names.test(name)) delete process.env[name];
  Object.assign(process.env, Object.fromEntries(usual));
  await close(proxy);
});

/** The adapter with another copy of axios, as its user has installed it. */
async function load(name: string, version?: string): Promise<{ axios: AxiosStatic; bearerAuth: BearerAuth }> {
  jest.resetModules();
  const library = (await import(name)) as { default: AxiosStatic };
  const named = version && { default: { ...library.default, VERSION: version } };
  jest.unstable_mockModule('axios', () => ({ ...library, ...named }));
  const { bearerAuth } = await import('@tokenline/axios');
  return { axios: library.default, bearerAuth };
}

const ok: AxiosAdapter = async (config) => ({ status: 200, statusText: '', headers: {}, data: '', config });
/** Nothing is reached without a proxy. */
const notFound = (_: string, __: object, done: (error: Error) => void): void => done(new Error('no such host'));

const environments: Record<string, string>[] = [
  { HTTPS_PROXY: 'on' },
  { https_proxy: 'on' },
  { ALL_PROXY: 'on' },
  { HTTPS_PROXY: 'on', NO_PROXY: '' },
  { HTTPS_PROXY: 'on', NO_PROXY: 'other.example.com, example.com' },
  { HTTPS_PROXY: 'on', NO_PROXY: 'api.example.com:8443' },
  { HTTPS_PROXY: 'on', NO_PROXY: '.other.example.com *.example.org' },
  { HTTP_PROXY: 'on' },
  { HTTPS_PROXY: '' },
  { HTTPS_PROXY: 'on', NO_PROXY: '*' },
  { HTTPS_PROXY: 'on', NO_PROXY: 'localhost,api.EXAMPLE.com' },
  { HTTPS_PROXY: 'on', NO_PROXY: 'localhost api.example.com:443' },
  { HTTPS_PROXY: 'on', no_proxy: '.example.com' },
  { HTTPS_PROXY: 'on', no_proxy: '*.example.com' },
];

describe.each(['axios-oldest', 'axios-1.16'])('%s, which gives a proxy what is meant for https,', (name) => {
  const get = async (options: CreateAxiosDefaults, attached = true): Promise<unknown> => {
    const { axios, bearerAuth } = await load(name);
    const client = axios.create({ baseURL: 'https://api.example.com', lookup: notFound as never, ...options });
    if (attached) bearerAuth(client, sourceOf(token));
    return client.get('/orders').then(
      ({ data }) => data as unknown,
      (error: unknown) => error,
    );
  };

  test.each(environments)('refuses where it would take one from the environment, and only there: %j', async (given) => {
    for (const [key, value] of Object.entries(given)) process.env[key] = value === 'on' ? proxyUrl : value;
    await get({}, false);
    const takesProxy = heard.length === 1;
    const outcome = await get({});
    expect(heard).not.toContain(true);
    expect([(outcome as { code?: string }).code === 'ERR_INVALID_OPTION', heard.length]).toEqual([
      takesProxy,
      takesProxy ? 1 : 0,
    ]);
  });

  test.each([
    { npm_config_https_proxy: 'on' },
    { npm_config_proxy: 'on' },
    { HTTPS_PROXY: 'on', NO_PROXY: '*', npm_config_no_proxy: 'other.example.com' },
  ])('refuses where its oldest versions would take one: %j', async (given) => {
    for (const [key, value] of Object.entries(given)) process.env[key] = value === 'on' ? proxyUrl : value;
    expect(await get({})).toMatchObject({ code: 'ERR_INVALID_OPTION' });
    expect(heard).toEqual([]);
  });

  test('refuses where it is told to take one, and says what to do', async () => {
    const { hostname: host, port } = new URL(proxyUrl);
    for (const protocol of [undefined, 'http', 'https:']) {
      const outcome = await get({ proxy: { host, port: Number(port), ...(protocol && { protocol }) } });
      expect(outcome).toBeInstanceOf(TypeError);
      expect(String(outcome)).toMatch(
        /axios 1\.\d+\.0 sends .*1\.16\.1 or newer, or pass proxy: false with an httpsAgent/,
      );
    }
    expect(heard).toEqual([]);
  });

  test('refuses also where an adapter around its own would take one', async () => {
    process.env['HTTPS_PROXY'] = proxyUrl;
    const { axios } = await load(name);
    const around: AxiosAdapter = (config) => axios.getAdapter('http')(config);
    expect(await get({ adapter: around })).toMatchObject({ code: 'ERR_INVALID_OPTION' });
    expect(heard).toEqual([]);
  });

  test('sends what is not meant for https, whatever its query', async () => {
    for (const variable of ['HTTP_PROXY', 'HTTPS_PROXY']) process.env[variable] = proxyUrl;
    expect(await get({ baseURL: 'http://localhost:1/?next=https://api.example.com' })).toBe('read');
    expect(heard).toEqual([true]);
  });

  test('sends where it is told to take none', async () => {
    process.env['HTTPS_PROXY'] = proxyUrl;
    expect(String(await get({ proxy: false }))).toContain('no such host');
    expect(heard).toEqual([]);
  });

  test('sends by fetch, which takes no proxy of axios', async () => {
    process.env['HTTPS_PROXY'] = proxyUrl;
    const usualFetch = globalThis.fetch;
    globalThis.fetch = async () => new Response('fetched');
    expect(await get({ adapter: 'fetch' })).toBe('fetched');
    globalThis.fetch = usualFetch;
    expect(heard).toEqual([]);
  });

  test('refuses a redirect that would take one', async () => {
    process.env['HTTPS_PROXY'] = proxyUrl;
    const api = createServer((_, response) => {
      response.writeHead(302, { location: 'https://api.example.com/orders' }).end();
    });
    const baseURL = await listen(api);
    const { axios, bearerAuth } = await load(name);
    const client = bearerAuth(axios.create({ baseURL }), sourceOf(token), { origins: ['https://api.example.com'] });
    const outcome: unknown = await client.get('/orders').catch((error: unknown) => error);
    await close(api);
    expect(String(outcome)).toContain('1.16.1 or newer');
    expect(heard).toEqual([]);
  });
});

test.each([
  ['1.7.0', 'refuses'],
  ['1.15.2', 'refuses'],
  ['1.16.0', 'refuses'],
  ['1.16.1', 'sends'],
  ['1.17.0', 'sends'],
  ['1.21.1', 'sends'],
  ['2.1.10', 'sends'],
])('axios %s %s what a proxy would get', async (version, expected) => {
  const { axios, bearerAuth } = await load('axios-1.16', version);
  const client = axios.create({
    baseURL: 'https://api.example.com',
    proxy: { host: 'localhost', port: 1 },
    adapter: ok,
  });
  const outcome = await bearerAuth(client, sourceOf(token))
    .get('/orders')
    .then(
      () => 'sends',
      () => 'refuses',
    );
  expect(outcome).toBe(expected);
});
