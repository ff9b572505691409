import { bearerAuth, createTokenSource } from '@tokenline/fetch';

const { API_URL, ISSUER, CLIENT_ID, CLIENT_SECRET } = process.env;

const source = createTokenSource({ issuer: ISSUER, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET });
const send = bearerAuth(fetch, source, { origins: [API_URL] });

async function call(path, options) {
  const response = await send(`${API_URL}${path}`, options);
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}`);
  return response.json();
}

// Whatever fails ends the job with the exit status 1, which its scheduler understands.
const orders = await call('/orders?state=unpaid');
await Promise.all(orders.map(({ id }) => call(`/orders/${id}/reminder`, { method: 'POST' })));
console.log(`${orders.length} reminders`);
