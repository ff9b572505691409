import { bearerAuth, createTokenSource } from '@tokenline/fetch';

// `next build` loads this file, too, and has no secret: it is read when a token is requested.
const { API_URL = 'https://api.example.com', ISSUER = 'https://login.example.com', CLIENT_ID = 'orders' } = process.env;
const clientSecret = (): string => process.env.CLIENT_SECRET ?? '';

const source = createTokenSource({ issuer: ISSUER, clientId: CLIENT_ID, clientSecret });
const api = bearerAuth(fetch, source, { origins: [API_URL] });

/** Answers with an order of the API. */
export async function order(id: string): Promise<Response> {
  const response = await api(`${API_URL}/orders/${encodeURIComponent(id)}`);
  if (response.ok) return Response.json(await response.json());
  console.error(`/orders/${id}: ${response.status}`);
  return Response.json({ error: 'The orders are not available.' }, { status: 502 });
}
