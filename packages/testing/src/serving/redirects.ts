import { untilAborted } from '@tokenline/core/adapter';

const mostHops = 20;

/**
 * Sends a request, and follows redirects where it says so, as a `fetch` does.
 *
 * @see {@link https://fetch.spec.whatwg.org/#http-redirect-fetch | Fetch Standard, HTTP-redirect fetch}
 */
export async function fetchWith(send: (request: Request) => Promise<Response>, first: Request): Promise<Response> {
  first.signal.throwIfAborted();
  let request = first;
  for (let hops = 0; ; hops++) {
    const spare = request.clone();
    const response = await untilAborted(send(request), first.signal);
    const location = [301, 302, 303, 307, 308].includes(response.status) ? response.headers.get('location') : null;
    if (location === null || first.redirect === 'manual') return told(response, request.url, hops > 0);
    if (first.redirect === 'error' || hops === mostHops)
      throw new TypeError('fetch failed', { cause: new Error('the redirect is one too many') });
    request = nextRequest(spare, new URL(location, request.url), response.status);
  }
}

function nextRequest(request: Request, url: URL, status: number): Request {
  const { method, signal } = request;
  const headers = new Headers(request.headers);
  if (url.origin !== new URL(request.url).origin) headers.delete('authorization');
  const losesBody = status === 303 ? method !== 'HEAD' : status < 303 && method === 'POST';
  if (!losesBody) return new Request(new Request(url, request), { headers });
  return new Request(url, { headers: [...headers].filter(([name]) => !name.startsWith('content-')), signal });
}

/** The response as a `fetch` gives it: it tells where it came from. */
function told(response: Response, url: string, redirected: boolean): Response {
  return Object.defineProperties(response, {
    url: { value: url, configurable: true },
    redirected: { value: redirected, configurable: true },
  });
}
