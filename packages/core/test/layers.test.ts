import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const source = new URL('../src/', import.meta.url);

// From the ground up: a file imports only from files before it.
const order = [
  'redaction.ts',
  'errors.ts',
  'clock.ts',
  'until-aborted.ts',
  'pause.ts',
  'deadline.ts',
  'secure-url.ts',
  'option-value.ts',
  'json-object.ts',
  'answer.ts',
  'retry-after.ts',
  'events.ts',
  'credential.ts',
  'client-authentication.ts',
  'assertion-claims.ts',
  'client-secret.ts',
  'client-assertion.ts',
  'client-identifier.ts',
  'private-key.ts',
  'private-key-jwt.ts',
  'protocol-parameters.ts',
  'token-grant.ts',
  'jwt-bearer.ts',
  'token-exchange.ts',
  'refresh-token.ts',
  'access-token.ts',
  'proof-key.ts',
  'token-store.ts',
  'options.ts',
  'authentication-choice.ts',
  'token-parameters.ts',
  'settings.ts',
  'backoff.ts',
  'endpoint-health.ts',
  'refusals.ts',
  'exchange.ts',
  'server-metadata.ts',
  'renewal.ts',
  'discovery.ts',
  'credentials.ts',
  'token-response.ts',
  'authenticated-request.ts',
  'held-token.ts',
  'token-endpoint.ts',
  'store-key.ts',
  'stored-token.ts',
  'store-entry.ts',
  'lease.ts',
  'shared-acquisition.ts',
  'shared-store.ts',
  'token-acquisition.ts',
  'token-lifecycle.ts',
  'token-cache.ts',
  'ongoing-renewals.ts',
  'client.ts',
  'token-source.ts',
  'client-token-source.ts',
  'headers.ts',
  'absolute-url.ts',
  'challenge.ts',
  'origins.ts',
  'replayable-body.ts',
  'discard.ts',
  'next-hop.ts',
  'attempt.ts',
  'authorizer.ts',
  'index.ts',
];

const imports = (file: string): string[] =>
  [...readFileSync(new URL(file, source), 'utf8').matchAll(/from '\.\/(.+)'/g)].map(([, name]) => name ?? '');

test('every file has its place in the order', () => {
  expect(readdirSync(source).toSorted()).toEqual(order.toSorted());
});

test.each(order)('%s imports only from files before it', (file) => {
  const before = order.slice(0, order.indexOf(file));
  expect(imports(file).filter((name) => !before.includes(name))).toEqual([]);
});

test.each(order)('%s holds one noun: 150 lines or fewer', (file) => {
  expect(readFileSync(new URL(file, source), 'utf8').split('\n').length - 1).toBeLessThanOrEqual(150);
});

/** What a bundler takes along with a file. */
const shippedWith = (file: string): string[] => {
  const text = readFileSync(new URL(file, source), 'utf8');
  const direct = [...text.matchAll(/^import (?!type )[^;]*? from '\.\/(.+)';/gm)].map(([, name]) => name ?? '');
  return [file, ...direct.flatMap(shippedWith)];
};

test.each([
  'proof-key.ts',
  'shared-store.ts',
  'private-key-jwt.ts',
  'client-assertion.ts',
  'jwt-bearer.ts',
  'token-exchange.ts',
  'refresh-token.ts',
])('%s brings its own code: nobody who does without it ships it', (file) => {
  const mainJob = ['client-token-source.ts', 'authorizer.ts', 'replayable-body.ts', 'discard.ts', 'next-hop.ts'];
  expect(mainJob.flatMap(shippedWith)).toContain('errors.ts');
  expect(mainJob.flatMap(shippedWith)).not.toContain(file);
});

test('core knows nothing of Node', () => {
  for (const file of order) expect(readFileSync(new URL(file, source), 'utf8')).not.toMatch(/from 'node:|require\(/);
});
