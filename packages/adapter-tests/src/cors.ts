import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Lets the pages of every origin read the answers. A browser asks first whether a page may send its request: `true` where
 * the request was such a question, which is answered then.
 *
 * @see {@link https://fetch.spec.whatwg.org/#http-cors-protocol | Fetch Standard, CORS protocol}
 */
export function answeredPreflight({ method, headers }: IncomingMessage, response: ServerResponse): boolean {
  if (headers.origin === undefined) return false;
  // No server here has an opinion of its own on origins.
  delete headers.origin;
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-expose-headers', '*');
  const asked = headers['access-control-request-method'];
  if (method !== 'OPTIONS' || asked === undefined) return false;
  response.setHeader('access-control-allow-methods', asked);
  response.setHeader('access-control-allow-headers', headers['access-control-request-headers'] ?? '');
  response.setHeader('access-control-max-age', '600');
  response.writeHead(204).end();
  return true;
}
