import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { IdentityServer } from '@tokenline/adapter-tests';

interface Recorded {
  readonly name: string;
  readonly id: string;
  readonly parent?: string;
}

test('the spans of requests over node:http are below that of the acquisition', async () => {
  const identity = await IdentityServer.start();
  const child = new URL('children/http.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [child, JSON.stringify(identity.client)]);
  await identity.close();
  const spans: readonly Recorded[] = JSON.parse(stdout);
  const acquisition = spans.find(({ name }) => name === 'tokenline.acquire');
  expect(spans.filter(({ parent }) => parent === acquisition?.id).map(({ name }) => name)).toEqual(['GET', 'POST']);
  expect(spans.find(({ id }) => id === acquisition?.parent)?.name).toBe('a request');
});
