import { expect, test } from '@jest/globals';
import { sourceOf } from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/fetch';

test('reads the answers away that another takes the place of', async () => {
  const refused = new Response('refused', { status: 401 });
  const moved = new Response('moved', { status: 302, headers: { location: '/landing' } });
  const answers = [refused, moved, new Response('landed')];
  const fetch = async (_input: string | URL | Request): Promise<Response> => answers.shift() ?? Response.error();
  const send = bearerAuth(fetch, sourceOf('a', 'b'), { origins: ['https://api.example.com'] });
  const answer = await send('https://api.example.com/orders');
  expect([answer.redirected, await answer.text()]).toEqual([true, 'landed']);
  expect([refused, moved]).toMatchObject([{ bodyUsed: true }, { bodyUsed: true }]);
});
