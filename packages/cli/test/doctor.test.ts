import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { type Outcome, tokenline } from './command.ts';
import { startScripted, token } from './servers.ts';
import { misconfigurations } from './misconfigurations.ts';

const secrets = {
  CLIENT_SECRET: 's3cr:t +%41/&="~\'\\',
  ASSERTION: 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJtZSJ9.an-assertion',
  KEY: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
};

/** Whatever the output may hold of a secret. */
function expectNoSecretIn({ stdout, stderr }: Outcome): void {
  const { CLIENT_SECRET: secret, ASSERTION: assertion, KEY: key } = secrets;
  const spellings = [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ secret }).toString().slice('secret='.length),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(`orders:${secret}`).toString('base64'),
    assertion,
    key.split('\n')[1] ?? key,
    token,
    'proxy-password',
    'nobody-may-see',
    'zoom-token',
  ];
  for (const spelling of spellings) expect(stdout + stderr).not.toContain(spelling);
  // A JWT of any kind, such as a proof or an assertion.
  expect(stdout + stderr).not.toMatch(/eyJ[\w-]{8,}\.eyJ/);
}

describe.each([...new Set(misconfigurations.map(({ page }) => page))])('docs/vendors/%s.md', (page) => {
  const cases = misconfigurations.filter((each) => each.page === page);
  test.each(cases.map((each) => [each.what, each] as const))('%s', async (_, misconfiguration) => {
    const { answer, args = [], api, path = '', isEndpoint, env, finds, says = '' } = misconfiguration;
    const server = await startScripted(answer);
    const other = api && (await startScripted(api));
    try {
      const named = isEndpoint ? ['--token-endpoint', `${server.origin}/token`] : ['--issuer', server.origin + path];
      const reached = other ? ['--api', `${other.origin}/orders`] : [];
      const outcome = await tokenline(['doctor', ...named, '--client-id', 'orders', ...args, ...reached], {
        env: { ...secrets, ...env },
      });
      expect(outcome).toMatchObject({ stderr: '', signal: null });
      for (const id of finds) expect(outcome.stdout).toContain(`[${id}]`);
      expect(outcome.stdout).toMatch(says);
      expectNoSecretIn(outcome);
    } finally {
      await Promise.all([server.close(), other?.close()]);
    }
  });
});

test('every page about a server has its misconfigurations here', () => {
  const docs = new URL('../../../docs/vendors/', import.meta.url);
  const pages = readdirSync(docs).filter((file) => readFileSync(new URL(file, docs), 'utf8').includes('live server'));
  const told = new Set(misconfigurations.map(({ page }) => `${page}.md`));
  expect(pages.length).toBeGreaterThan(10);
  expect(pages.filter((page) => !told.has(page))).toEqual([]);
});
