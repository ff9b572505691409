import type { Clock } from '../common/clock.ts';
import { causesOf } from '../common/causes.ts';
import { parseObject } from '../common/json-object.ts';
import { ownCopy } from '../common/own.ts';
import { untilAborted } from '../common/waiting.ts';

/** No proper answer of an authorization server comes near this many bytes. */
const limit = 1024 * 1024;
/** A server may name others time and again. */
const mostUrls = 100;
const longestWait = 5 * 60 * 1_000;

/** A `fetch`, as far as requests to the server need one: the global one, that of undici or node-fetch, or one of your own. */
export type Fetch = (url: string, options: FetchOptions) => Promise<FetchedResponse>;

/** What a {@link Fetch} is passed. */
export interface FetchOptions {
  readonly method?: string;
  readonly headers: Record<string, string>;
  readonly body?: URLSearchParams;
  readonly redirect: 'manual';
  readonly cache?: 'no-store';
  readonly signal: AbortSignal;
}

/** What a {@link Fetch} resolves to. A `Response` has it. */
export interface FetchedResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

/** A request to the server. */
type ServerRequest = Pick<FetchOptions, 'method' | 'headers' | 'body'>;

/** An answer of the authorization server, read to its end. */
export interface ServerResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON object of its body; `undefined` where that is anything else. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

export async function readResponse(response: Response): Promise<ServerResponse> {
  const { ok, status, headers } = response;
  const text = await response.text();
  return { ok, status, headers, text, body: parseObject(text) };
}

/** What an answer is that was to be a JSON object. */
export function kindOf({ headers }: ServerResponse): string {
  const [type = ''] = (headers.get('content-type') ?? '').split(';');
  const tells = /^[\w.+/-]{1,100}$/.test(type) && !/json/i.test(type);
  return `it is ${tells ? `${type}, ` : ''}not a JSON object`;
}

/** Whether the same request may succeed later although nobody changes anything. */
export function isTransient({ status }: ServerResponse): boolean {
  return status >= 500 || status === 429 || status === 408;
}

/** Whether a request that got no answer may get one later: unless its server cannot be trusted, which somebody has to put right. */
export function mayComeBack(failure: unknown): boolean {
  const codes = causesOf(failure).map((error) => String((error as { code?: unknown }).code));
  return !codes.some((code) => /^(CERT_|DEPTH_ZERO_|ERR_TLS_|SELF_SIGNED_|UNABLE_TO_)/.test(code));
}

/**
 * How many milliseconds a server asks to wait, five minutes at most; `undefined` where it does not, or where its date is
 * past by our clock.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110.html#section-10.2.3 | RFC 9110 §10.2.3}
 */
export function retryAfter({ status, headers }: ServerResponse, clock: Clock): number | undefined {
  // Gateways have names of their own, for seconds or a time. They send them with other answers too, to no purpose.
  const reset = status === 429 ? (headers.get('x-ratelimit-reset') ?? headers.get('x-rate-limit-reset')) : null;
  const value = headers.get('retry-after') ?? reset ?? '';
  const seconds = /^\d+$/.test(value) ? Number(value) : undefined;
  // More than thirty years are not a wait, but a time since the epoch: in seconds, or in milliseconds.
  const isTime = seconds === undefined || seconds > 1e9;
  const time = seconds === undefined ? Date.parse(value) : seconds * (seconds > 1e12 ? 1 : 1_000);
  const wait = isTime ? time - clock.now() : time;
  return wait > 0 ? Math.min(wait, longestWait) : undefined;
}

/** Sends requests to one authorization server. */
export class Http {
  /** The URLs that were sent a request: metadata documents and endpoints. */
  readonly urls: Set<string> = new Set();
  readonly #fetch: Fetch;
  /** Keeps answers out of caches: Next.js keeps those to a POST, too. */
  #cache: Pick<FetchOptions, 'cache'> = { cache: 'no-store' };

  constructor(send: Fetch) {
    this.#fetch = send;
  }

  #note(url: string): void {
    const [first = url] = this.urls;
    if (this.urls.add(url).size > mostUrls) this.urls.delete(first);
  }

  /** Sends a request and reads the whole answer. No redirect is followed, and no endless body is read. */
  async send(url: string, request: ServerRequest, signal: AbortSignal): Promise<Response> {
    // A function of the user's may have answered after the deadline.
    signal.throwIfAborted();
    this.#note(url);
    // Aborted here as well, since a fetch of the user's own may ignore signals.
    const attempt = async (): Promise<Response> =>
      this.#fetch(url, ownCopy({ ...request, ...this.#cache, redirect: 'manual', signal })) as Promise<Response>;
    const response = await untilAborted(
      attempt().catch((error: unknown) => {
        // Cloudflare workers with an older compatibility date throw for an option that they do not know.
        if (!('cache' in this.#cache) || !/\bcache\b/.test(String(error))) throw error;
        this.#cache = {};
        return attempt();
      }),
      signal,
    );
    const text = await untilAborted(readText(response), signal);
    // Browsers hide the status of a redirect that is not followed.
    const status = response.type === 'opaqueredirect' ? 302 : response.status;
    return new Response([204, 205, 304].includes(status) ? null : text, { status, headers: response.headers });
  }
}

async function readText(response: Response): Promise<string> {
  const { body } = response;
  // The body of a `fetch` such as node-fetch is a Node stream.
  if (typeof body?.getReader !== 'function') return response.text();
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > limit) {
      // The answer is refused either way, whether or not its rest can be cancelled.
      reader.cancel().catch(() => {});
      throw new RangeError(`the answer is longer than ${limit} bytes`);
    }
    text += decoder.decode(value, { stream: true });
  }
}
