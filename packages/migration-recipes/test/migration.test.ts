import { globSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { root, SnippetFolder } from '../../../test/snippets.ts';
import { type Api, type Client, clientOf } from './client.ts';
import { MigrationPage, type Side } from './page.ts';
import { pages } from './pages.ts';
import { scenarios } from './scenarios.ts';
import { World } from './world.ts';

const folder = new SnippetFolder('migration', 'packages/migration-recipes/test');
afterAll(() => folder.remove());

test('every page is run', () => {
  const files = globSync('docs/migration/*.md', { cwd: root.pathname });
  expect(files.toSorted()).toEqual(
    [...Object.keys(pages), 'index'].toSorted().map((name) => `docs/migration/${name}.md`),
  );
});

describe.each(Object.entries(pages))('%s', (name, { lost = 0, attaches = false, registrations = {}, changes = {} }) => {
  const page = new MigrationPage(name);
  let world: World;

  beforeEach(async () => {
    world = await World.open(registrations);
    process.env['CLIENT_SECRET'] = registrations['orders']?.client_secret ?? world.identity.client.clientSecret;
  });

  afterEach(() => world.close());

  /** Runs code of the page, and gives what it sends requests with. */
  async function run(side: Side, code: string): Promise<Client> {
    const file = await folder.write(
      { heading: `${name}: ${side}`, code: `${code}export { api };\n` },
      {
        ...(side === 'After' ? {} : changes),
        // Whoever waits longer than this for a server that refuses the client waits in vain.
        'createCustomTokenSource({': 'createCustomTokenSource({ timeout: 120_000, patience: 8_000,',
        'https://login.example.com': world.identity.issuer,
        'https://api.example.com': world.api.origin,
      },
    );
    return clientOf(((await import(file)) as { api: Api }).api);
  }

  /** Lets a scenario happen to the code without the request at its end. */
  async function play(side: Side, when: string): Promise<string | undefined> {
    const client = await run(side, page.code(side).replace(/\n.*await api\b.*\n$/, '\n'));
    const old = side === 'Before';
    return scenarios[when]?.({ client, world, lost: old ? lost : 0, ahead: !old });
  }

  test('the page names the versions that are measured', () => {
    expect(page.versions.length).toBeGreaterThan(0);
    for (const { dependency, version } of page.versions) expect(version).toBe(installed(dependency));
  });

  test.each(['Before', 'After', 'Step by step'] as const)('the code under "%s" gets its answer', async (side) => {
    await run(side, page.code(side));
    expect(world.api.requests.map(({ url }) => url)).toContain('/orders');
    expect(world.tokenRequests).toBe(1);
  });

  describe.each(['Before', 'After'] as const)('%s', (side) => {
    test.each([...page.rows])('%s', async (when, said) => expect(await play(side, when)).toBe(said[side]));
  });

  describe('Step by step', () => {
    const holding = [...page.rows].filter(([when]) => attaches || when.includes('expir'));
    test.each(holding)('%s', async (when, { After }) => {
      const said = attaches ? After.replace('OAuthError', 'TokenError') : After;
      expect(await play('Step by step', when)).toBe(said);
    });
  });
});

function installed(dependency: string): string {
  const manifest = new URL(`../node_modules/${dependency}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
