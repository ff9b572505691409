import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const source = new URL('../src/', import.meta.url);

// From the ground up: a file imports only from files before it.
const order = [
  'common/redaction.ts',
  'common/errors.ts',
  'common/clock.ts',
  'common/until-aborted.ts',
  'common/pause.ts',
  'common/deadline.ts',
  'common/secure-url.ts',
  'common/option-value.ts',
  'common/json-object.ts',
  'server/answer.ts',
  'server/retry-after.ts',
  'common/events.ts',
  'credentials/credential.ts',
  'credentials/client-authentication.ts',
  'credentials/assertion-claims.ts',
  'credentials/client-secret.ts',
  'credentials/client-assertion.ts',
  'credentials/mutual-tls.ts',
  'credentials/private-key.ts',
  'credentials/private-key-jwt.ts',
  'common/protocol-parameters.ts',
  'credentials/grant.ts',
  'credentials/jwt-bearer.ts',
  'credentials/token-exchange.ts',
  'credentials/refresh-token.ts',
  'common/access-token.ts',
  'credentials/proof-key.ts',
  'fleet/token-store.ts',
  'source/options.ts',
  'credentials/authentication-choice.ts',
  'lifecycle/token-parameters.ts',
  'source/settings.ts',
  'common/backoff.ts',
  'lifecycle/endpoint-health.ts',
  'lifecycle/refusals.ts',
  'server/http.ts',
  'server/server-metadata.ts',
  'common/renewal.ts',
  'server/discovery.ts',
  'credentials/credentials.ts',
  'server/token-response.ts',
  'server/authenticated-request.ts',
  'lifecycle/held-token.ts',
  'server/token-endpoint.ts',
  'fleet/store-key.ts',
  'fleet/stored-token.ts',
  'fleet/store-entry.ts',
  'fleet/lease.ts',
  'fleet/shared-acquisition.ts',
  'fleet/shared-store.ts',
  'lifecycle/token-acquisition.ts',
  'lifecycle/token-lifecycle.ts',
  'lifecycle/token-cache.ts',
  'common/ongoing-renewals.ts',
  'source/client.ts',
  'source/token-source.ts',
  'source/client-token-source.ts',
  'requests/headers.ts',
  'requests/absolute-url.ts',
  'requests/challenge.ts',
  'requests/origins.ts',
  'requests/body.ts',
  'requests/discard.ts',
  'requests/redirect.ts',
  'requests/authorized-request.ts',
  'requests/authorizer.ts',
  'index.ts',
];

/** Where a relative import leads, from the folder of all sources. */
const resolve = (file: string, to: string): string => new URL(to, new URL(file, source)).href.slice(source.href.length);

const imports = (file: string): string[] =>
  [...readFileSync(new URL(file, source), 'utf8').matchAll(/from '(\.{1,2}\/.+)'/g)].map(([, to = '']) =>
    resolve(file, to),
  );

test('every file has its place in the order', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => file.endsWith('.ts')).toSorted()).toEqual(order.toSorted());
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
  const direct = [...text.matchAll(/^import (?!type )[^;]*? from '(\.{1,2}\/.+)';/gm)].map(([, to = '']) =>
    resolve(file, to),
  );
  return [file, ...direct.flatMap(shippedWith)];
};

test.each([
  'credentials/proof-key.ts',
  'fleet/shared-store.ts',
  'credentials/private-key-jwt.ts',
  'credentials/client-assertion.ts',
  'credentials/jwt-bearer.ts',
  'credentials/token-exchange.ts',
  'credentials/refresh-token.ts',
])('%s brings its own code: nobody who does without it ships it', (file) => {
  const mainJob = [
    'source/client-token-source.ts',
    'requests/authorizer.ts',
    'requests/body.ts',
    'requests/discard.ts',
    'requests/redirect.ts',
  ];
  expect(mainJob.flatMap(shippedWith)).toContain('common/errors.ts');
  expect(mainJob.flatMap(shippedWith)).not.toContain(file);
});

test('core knows nothing of Node', () => {
  for (const file of order) expect(readFileSync(new URL(file, source), 'utf8')).not.toMatch(/from 'node:|require\(/);
});
