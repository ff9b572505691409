import { canSendAgain } from './body.ts';

/** A request of `fetch` that may be redirected. */
export interface Hop {
  readonly url: string;
  readonly init: RequestInit;
  /** What `init` is read on top of. */
  readonly request?: Request | undefined;
}

const ofBody = ['content-encoding', 'content-language', 'content-length', 'content-location', 'content-type'];
const ofOrigin = ['cookie', 'host', 'proxy-authorization'];

/**
 * Where a redirect leads a request of `fetch`; `undefined` if the answer is final. The runtime must not follow the redirects of
 * such a request, because it would send on a proof that is valid only for the first URL.
 *
 * @param sent - its headers may hold a token and a proof: those of the next hop hold neither.
 * @see {@link https://fetch.spec.whatwg.org/#http-redirect-fetch | Fetch Standard, HTTP-redirect fetch}
 */
export function nextHop({ status, headers: received }: Response, sent: Hop): Hop | undefined {
  const location = received.get('location');
  if (![301, 302, 303, 307, 308].includes(status) || location === null) return undefined;
  if (!URL.canParse(location, sent.url)) return undefined;
  const { href, origin, protocol } = new URL(location, sent.url);
  if (protocol !== 'https:' && protocol !== 'http:') return undefined;
  const { request, init } = sent;
  const method = init.method ?? request?.method ?? 'GET';
  const asGet = status === 303 ? !/^(GET|HEAD)$/i.test(method) : status < 303 && /^POST$/i.test(method);
  if (!asGet && !canSendAgain(init.body ?? request?.body)) return undefined;
  const headers = new Headers(init.headers ?? request?.headers);
  const form = Object.prototype.toString.call(init.body) === '[object FormData]';
  const left = [...(asGet ? ofBody : []), ...(origin === new URL(sent.url).origin ? [] : ofOrigin)];
  // The content type of a form names its boundary, which differs each time.
  for (const name of ['authorization', 'dpop', ...left, ...(form ? ['content-type'] : [])]) headers.delete(name);
  const body = asGet ? {} : { body: init.body ?? null };
  const { body: _, ...rest } = init;
  return {
    url: href,
    init: { ...optionsOf(request), ...rest, ...body, method: asGet ? 'GET' : method, headers },
  };
}

function optionsOf(request: Request | undefined): RequestInit {
  if (request === undefined) return {};
  const { cache, credentials, integrity, keepalive, mode, referrerPolicy, signal } = request;
  return { cache, credentials, integrity, keepalive, mode, referrerPolicy, signal };
}
