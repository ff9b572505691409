import type { Clock } from '../common/clock.ts';
import { parseObject } from '../common/json-object.ts';
import { untilAborted } from '../common/waiting.ts';

/** No proper answer of an authorization server comes near this many bytes. */
const limit = 1024 * 1024;
const longestWait = 5 * 60 * 1_000;

/** An answer of the authorization server, read to its end. */
export interface ServerResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Headers;
  /** The JSON object of its body; `undefined` where that is anything else. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

export async function readResponse(response: Response): Promise<ServerResponse> {
  const { ok, status, headers } = response;
  return { ok, status, headers, body: parseObject(await response.text()) };
}

/** Whether the same request may succeed later although nobody changes anything. */
export function isTransient({ status }: ServerResponse): boolean {
  return status >= 500 || status === 429 || status === 408;
}

/**
 * How many milliseconds a server asks to wait, five minutes at most; `undefined` where it does not, or where its date is
 * past by our clock.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110.html#section-10.2.3 | RFC 9110 §10.2.3}
 */
export function retryAfter({ headers }: ServerResponse, clock: Clock): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - clock.now();
  return wait > 0 ? Math.min(wait, longestWait) : undefined;
}

/** Sends requests to one authorization server. */
export class Http {
  /** Every URL that was sent a request: metadata documents and endpoints. */
  readonly urls: Set<string> = new Set();
  readonly #fetch: typeof fetch;

  constructor(send: typeof fetch) {
    this.#fetch = send;
  }

  /** Sends a request and reads the whole answer. No redirect is followed, and no endless body is read. */
  async send(url: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
    this.urls.add(url);
    // Aborted here as well, since a fetch of the user's own may ignore signals.
    const response = await untilAborted(this.#fetch(url, { ...init, redirect: 'manual', signal }), signal);
    const text = await untilAborted(readText(response), signal);
    // Browsers hide the status of a redirect that is not followed.
    const status = response.type === 'opaqueredirect' ? 302 : response.status;
    return new Response([204, 205, 304].includes(status) ? null : text, { status, headers: response.headers });
  }
}

async function readText(response: Response): Promise<string> {
  if (!response.body) return response.text();
  const reader = response.body.getReader();
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
