import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { faultsOfBuilt } from '../src/built.ts';
import { Repository } from '../src/repository.ts';

let site: string;

beforeEach(async () => {
  site = await mkdtemp(join(tmpdir(), 'site-'));
  await mkdir(join(site, 'api'));
  await writeFile(
    join(site, 'api/index.html'),
    '<h1 id="api">API</h1> <a href="../index.html?a=1&amp;b=2#start">start</a>',
  );
});

afterEach(() => rm(site, { recursive: true }));

/** What is wrong with a site for the path `/docs/` whose first page has this link. */
async function faultsOf(href: string): Promise<string[]> {
  await writeFile(join(site, 'index.html'), `<h1 id="start">Start</h1> <a class="link" href="${href}">link</a>`);
  return faultsOfBuilt(site, '/docs/', new Repository(site));
}

test.each(['#start', '/docs/', '/docs/api/#api', 'api/index.html#api', 'https://example.com/', 'data:,'])(
  'a link to %s is right',
  async (href) => {
    expect(await faultsOf(href)).toEqual([]);
  },
);

test.each([
  ['/docs/gone.html', 'there is no gone.html'],
  ['api/index.html#gone', 'api/index.html has no #gone'],
  ['#gone', 'index.html has no #gone'],
  ['/api/index.html', 'leaves the site'],
  ['https://github.com/tokenline/tokenline/blob/main/gone.ts', 'there is no gone.ts'],
])('a link to %s is a fault', async (href, fault) => {
  expect(await faultsOf(href)).toEqual([`index.html: ${href}: ${fault}`]);
});
