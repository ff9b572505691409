// CommonJS in the test runner of Node.
const assert = require('node:assert/strict');
const { test } = require('node:test');
const { createTokenSource, proofKey } = require('@tokenline/core');
const { fakeIdentityServer } = require('@tokenline/testing');

test('a token request has a proof with the nonce of the server', async () => {
  const server = fakeIdentityServer({ accessTokenFormat: 'jwt' });
  const source = createTokenSource({ ...server.client, fetch: server.fetch, dpop: proofKey() });

  server.requireNonce = true;
  assert.equal((await source.getToken()).type, 'DPoP');
  assert.deepEqual(
    server.tokenRequests.map(({ error }) => error),
    ['use_dpop_nonce', undefined],
  );
});
