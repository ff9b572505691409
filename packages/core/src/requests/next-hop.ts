import { discard, kindOf } from '../common/body.ts';
import type { Authorizer } from './authorizer.ts';
import { type Redirect, redirectOf } from './redirect.ts';

/** A request of `fetch` that may be redirected. */
export interface Hop {
  readonly url: string;
  readonly init: RequestInit;
  /** What `init` is read on top of. */
  readonly request?: Request | undefined;
  /** How many redirects led here. */
  readonly hops: number;
}

// The source of the `fetch` of Node, Bun and Workers. A global one may be anybody's: a library may have taken its place.
const ofRuntime = /^(?:async )?function fetch\(.*(?:\[native code\]|lazyUndici|internal\/deps\/undici)/s;

/**
 * Whether redirects of a `fetch` have to be followed by hand, so that every hop is judged. The runtime's own drops the token on
 * the way to another origin, which is right where only one may have it. Any other `fetch` may take it along anywhere.
 */
export function followsByHand(authorizer: Authorizer, fetch: unknown): boolean {
  const { navigator, fetch: own } = globalThis as { navigator?: { userAgent?: string }; fetch: unknown };
  const agent = navigator?.userAgent ?? '';
  // Browsers do not tell where a redirect leads.
  if (agent.startsWith('Mozilla/')) return false;
  // With a compatibility date before 2025-09-01, workerd takes the token along.
  return authorizer.allowsSeveral || fetch !== own || !ofRuntime.test(String(own)) || agent === 'Cloudflare-Workers';
}

/**
 * Where a redirect leads a request of `fetch` that was sent with `redirect: 'manual'`; `undefined` if the answer is final.
 *
 * @param sent - its headers may hold a token and a proof: those of the next hop hold neither.
 * @throws TypeError as {@link redirectOf} does.
 */
export function nextHop(response: Response, { url, init, request, hops }: Hop): Hop | undefined {
  const body: unknown = init.body ?? request?.body;
  let redirect: Redirect | undefined;
  try {
    redirect = redirectOf(response, { url, method: init.method ?? request?.method ?? 'GET', body, hops });
  } catch (error) {
    discard(response);
    throw error;
  }
  if (redirect === undefined) return undefined;
  const { method, keepsBody, left } = redirect;
  const headers = new Headers(init.headers ?? request?.headers);
  // The content type of a form names its boundary, which differs each time.
  const form = kindOf(init.body) === 'FormData';
  for (const name of [...left, ...(form ? ['content-type'] : [])]) headers.delete(name);
  const { body: _, ...rest } = init;
  const next = { ...optionsOf(request), ...rest, method, headers, ...(keepsBody && { body: init.body ?? null }) };
  return { url: redirect.url, init: next, hops: hops + 1 };
}

function optionsOf(request: Request | undefined): RequestInit {
  if (request === undefined) return {};
  const { cache, credentials, integrity, keepalive, mode, referrer, referrerPolicy, signal } = request;
  // What is its own is an option that only its library knows, such as the agent of node-fetch.
  return { ...(request as object), cache, credentials, integrity, keepalive, mode, referrer, referrerPolicy, signal };
}

/** Makes a `Response` that redirects led to say so, as one of a `fetch` that followed them does, and its copies too. */
export function asRedirected(response: Response): Response {
  // What only looks like a response may have none.
  const clone = response.clone?.bind(response);
  return Object.defineProperties(response, {
    redirected: { value: true },
    ...(clone && { clone: { value: () => asRedirected(clone()) } }),
  });
}
