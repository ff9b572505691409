import { bearerAuth, createTokenSource } from '@tokenline/fetch';
import { env, waitUntil } from 'cloudflare:workers';

const { API_URL, ISSUER, CLIENT_ID, CLIENT_SECRET } = env;

// In module scope: all requests of the isolate share the source, and so its token. With `waitUntil`, a renewal outlives the
// request that started it.
const source = createTokenSource({ issuer: ISSUER, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, waitUntil });
const api = bearerAuth(fetch, source, { origins: [API_URL] });

export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith('/orders/')) return Response.json({ error: 'There are only orders.' }, { status: 404 });
    const response = await api(`${API_URL}${pathname}`);
    if (response.ok) return response;
    console.error(`${pathname}: ${response.status}`);
    return Response.json({ error: 'The orders are not available.' }, { status: 502 });
  },
};
