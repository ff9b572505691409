import { readFile } from 'node:fs/promises';
import { bearerAuth, createTokenSource, tlsClientAuth } from '@tokenline/undici';
import { mtlsFetch } from '@tokenline/undici/mtls-fetch';
import { Agent, request } from 'undici';

const { API_URL, ISSUER, CLIENT_ID, CERT_FILE, KEY_FILE, CA_FILE } = process.env;

const [cert, key, ca] = await Promise.all([CERT_FILE, KEY_FILE, CA_FILE].map((file) => readFile(file, 'utf8')));
const certificate = { cert, key, ca };

const source = createTokenSource({
  issuer: ISSUER,
  clientId: CLIENT_ID,
  clientAuthentication: tlsClientAuth(),
  fetch: mtlsFetch(certificate),
});

// The tokens are bound to the certificate: the API has to see it, too.
const dispatcher = bearerAuth(new Agent({ connect: certificate }), source, { origins: [API_URL] });

for (const id of [1, 2, 3]) {
  const { statusCode, body } = await request(`${API_URL}/orders/${id}`, { dispatcher });
  if (statusCode !== 200) throw new Error(`order ${id} was answered with ${statusCode}`);
  console.log(await body.json());
}
