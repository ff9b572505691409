import { describe, expect, test } from '@jest/globals';
import { sourceOf } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/got';
import { startApi } from './api.ts';
import { newest, oldest } from './versions.ts';

describe.each([newest, oldest])('$adapter.name with a cache', ({ got }) => {
  test('gives nobody the answer that varies by the token of another, and keeps no token', async () => {
    const api = await startApi();
    const headers = { 'cache-control': 'public, max-age=100', vary: 'Authorization' };
    api.respond = ({ authorization = 'nobody' }) => ({ headers, body: `for ${authorization}` });
    const cache = new Map<string, unknown>();
    const nobody = got.extend({ prefixUrl: api.origin, cache });
    const clients = [nobody, bearerAuth(nobody, sourceOf('token-a')), bearerAuth(nobody, sourceOf('token-b'))];
    const answers: string[] = [];
    for (const client of [...clients, ...clients]) answers.push((await client('orders')).body);
    const own = ['for nobody', 'for Bearer token-a', 'for Bearer token-b'];
    expect(answers).toEqual([...own, ...own]);
    expect([...cache.values()].join()).not.toMatch(/"authorization":"Bearer/);
  });

  test('gives everybody the answer that does not vary, as it does without a token', async () => {
    const api = await startApi();
    api.respond = () => ({ headers: { 'cache-control': 'public, max-age=100' }, body: 'for all' });
    const client = bearerAuth(got.extend({ prefixUrl: api.origin, cache: new Map() }), sourceOf('token-a'));
    for (let count = 0; count < 2; count++) expect((await client('orders')).body).toBe('for all');
    expect(api.requests).toHaveLength(1);
  });
});
