/** A request of `fetch`, as far as it is made again elsewhere. */
export interface Hop {
  readonly url: string;
  readonly init: RequestInit;
  /** What `init` is read on top of. */
  readonly request?: Request | undefined;
  /** Whether the body of `init` is all that was sent, and can be sent again. */
  readonly replayable: boolean;
}

const ofBody = ['content-encoding', 'content-language', 'content-length', 'content-location', 'content-type'];
const ofOrigin = ['cookie', 'host', 'proxy-authorization'];

/**
 * Where a redirect leads a request of `fetch`, for those that the runtime must not follow itself, because it would take
 * along what was signed for the first URL alone. `undefined` where the answer is final.
 *
 * @param sent - with headers that may hold a token and a proof: the next hop has neither.
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
  if (!asGet && !sent.replayable) return undefined;
  const headers = new Headers(init.headers ?? request?.headers);
  const form = Object.prototype.toString.call(init.body) === '[object FormData]';
  const left = [...(asGet ? ofBody : []), ...(origin === new URL(sent.url).origin ? [] : ofOrigin)];
  // A form says by itself where its parts end, and differently each time.
  for (const name of ['authorization', 'dpop', ...left, ...(form ? ['content-type'] : [])]) headers.delete(name);
  const body = asGet ? {} : { body: init.body ?? null };
  const { body: _, ...rest } = init;
  return {
    url: href,
    init: { ...optionsOf(request), ...rest, ...body, method: asGet ? 'GET' : method, headers },
    replayable: true,
  };
}

function optionsOf(request: Request | undefined): RequestInit {
  if (request === undefined) return {};
  const { cache, credentials, integrity, keepalive, mode, referrerPolicy, signal } = request;
  return { cache, credentials, integrity, keepalive, mode, referrerPolicy, signal };
}
