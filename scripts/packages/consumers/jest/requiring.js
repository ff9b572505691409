// The test of a user who writes CommonJS.
const { createServer } = require('node:http');
const axios = require('axios');
const { bearerAuth, createTokenSource, OAuthError, TokenError } = require('@tokenline/axios');

const client = { tokenEndpoint: 'https://login.example.com/connect/token', clientId: 'orders', clientSecret: 'sesame' };

test('a request is sent with a token, and again with another one after a 401', async () => {
  let received = '';
  const server = createServer((request, response) => {
    received += `${request.headers.authorization}; `;
    response.writeHead(request.headers.authorization === 'Bearer token-1' ? 401 : 200).end('{}');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const baseURL = `http://127.0.0.1:${Object(server.address()).port}`;
  let requested = 0;
  const fetch = async () =>
    Response.json({ access_token: `token-${++requested}`, token_type: 'Bearer', expires_in: 3600 });
  const api = bearerAuth(axios.create({ baseURL }), createTokenSource({ ...client, fetch }));

  await api.get('/orders');
  await api.get('/orders', { bearerAuth: false });
  expect(received).toBe('Bearer token-1; Bearer token-2; undefined; ');
  await new Promise((resolve) => server.close(() => resolve(undefined)));
});

test('a refusal of the identity server is a TokenError', async () => {
  const fetch = async () => Response.json({ error: 'invalid_client' }, { status: 400 });
  const failure = createTokenSource({ ...client, fetch }).getToken();
  await expect(failure).rejects.toBeInstanceOf(OAuthError);
  await expect(failure).rejects.toBeInstanceOf(TokenError);
});
