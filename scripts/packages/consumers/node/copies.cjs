// Three copies of core in one process: required, imported, and that of another package. Each understands what the others make.
const assert = require('node:assert/strict');
const { createServer } = require('node:http');
const { once } = require('node:events');
const { createRequire } = require('node:module');

const other = createRequire(`${__dirname}/other/index.cjs`);

/** An API that refuses every first token, and tells what it was sent. */
async function listen() {
  const received = [];
  const server = createServer((request, response) => {
    received.push(request.headers.authorization);
    response.writeHead(request.headers.authorization === 'DPoP first' ? 401 : 200).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, received, url: `http://127.0.0.1:${server.address().port}` };
}

function sourceOf({ createTokenSource, proofKey }) {
  const values = ['first', 'second'];
  return createTokenSource({
    tokenEndpoint: 'https://login.example.com/connect/token',
    clientId: 'orders',
    clientSecret: 'sesame',
    dpop: proofKey(),
    fetch: async () => Response.json({ access_token: values.shift(), token_type: 'DPoP', expires_in: 3600 }),
  });
}

void (async () => {
  const adapters = {
    required: [require('@tokenline/core/adapter'), require('@tokenline/fetch').bearerAuth, require('@tokenline/axios')],
    imported: [
      await import('@tokenline/core/adapter'),
      (await import('@tokenline/fetch')).bearerAuth,
      await import('@tokenline/axios'),
    ],
  };
  const copies = {
    required: require('@tokenline/core'),
    imported: await import('@tokenline/core'),
    other: other('@tokenline/core'),
  };
  assert.equal(new Set(Object.values(copies).map(({ TokenError }) => TokenError)).size, 3);

  for (const [kind, [adapter, bearerAuth, axiosAdapter]] of Object.entries(adapters)) {
    // The entries of one format share their classes, and so does what re-exports them.
    assert.equal(axiosAdapter.TokenError, copies[kind].TokenError);
    const source = { getToken: async () => ({ value: 'refused', type: 'Bearer' }) };
    const url = 'https://api.example.com/';
    const authorized = await new adapter.Authorizer(source, url).authorize({ url });
    await authorized.retry({ status: 401, headers: {} }, undefined);
    assert.equal(Object.getPrototypeOf(authorized.failure), copies[kind].TokenError.prototype);

    for (const [from, copy] of Object.entries(copies)) {
      const error = new copy.OAuthError('refused', { error: 'invalid_client' });
      assert.ok(error instanceof copies[kind].TokenError && error instanceof copies[kind].OAuthError);
      const { server, received, url: origin } = await listen();
      const send = bearerAuth(fetch, sourceOf(copy), { origins: [origin] });
      assert.equal((await send(origin)).status, 200);
      const axios = kind === 'required' ? require('axios') : (await import('axios')).default;
      const api = axiosAdapter.bearerAuth(axios.create({ baseURL: origin }), sourceOf(copy));
      await api.get('/');
      assert.deepEqual(received, ['DPoP first', 'DPoP second', 'DPoP first', 'DPoP second']);
      server.closeAllConnections();
      server.close();
      console.log(`the adapters that are ${kind} work with a source of the copy that is ${from}`);
    }
  }
})();
