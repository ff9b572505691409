import { canSendAgain } from '../common/body.ts';
import { type AnyHeaders, readHeader } from './headers.ts';
import { isSameOrigin } from './origins.ts';

/** A request that may be redirected. */
export interface RedirectedRequest {
  readonly url: string;
  readonly method: string;
  readonly body: unknown;
  /** How many redirects led here. */
  readonly hops: number;
}

/** Where a redirect leads. */
export interface Redirect {
  readonly url: string;
  readonly method: string;
  readonly keepsBody: boolean;
  /** The headers that must not be taken along, by their names in lower case. Whether a token goes there is judged anew. */
  readonly left: readonly string[];
}

const most = 20;
const ofBody = ['content-encoding', 'content-language', 'content-length', 'content-location', 'content-type'];
const ofOrigin = ['cookie', 'host', 'proxy-authorization'];

/**
 * Where an answer redirects a request to that the client sent without following redirects; `undefined` if the answer is final.
 *
 * @throws TypeError where `fetch` throws one: for an invalid target, the 21st redirect, and a body that is gone.
 * @see {@link https://fetch.spec.whatwg.org/#http-redirect-fetch | Fetch Standard, HTTP-redirect fetch}
 */
export function redirectOf(
  { status, headers }: { readonly status: number; readonly headers: AnyHeaders },
  { url, method, body, hops }: RedirectedRequest,
): Redirect | undefined {
  const location = readHeader(headers, 'location');
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  const text = asUtf8(location);
  const target = URL.canParse(text, url) ? new URL(text, url) : undefined;
  if (!target || !/^https?:$/.test(target.protocol)) throw failed('a redirect leads to no http or https URL');
  if (target.username || target.password) throw failed('a redirect leads to a URL with credentials');
  if (hops >= most) throw failed(`more than ${most} redirects`);
  const asGet = status === 303 ? !/^(GET|HEAD)$/i.test(method) : status < 303 && /^POST$/i.test(method);
  if (!asGet && !canSendAgain(body))
    throw failed('the body of a redirected request is a stream, and has been sent already');
  return {
    url: target.href,
    method: asGet ? 'GET' : method,
    keepsBody: !asGet,
    left: ['authorization', 'dpop', ...(asGet ? ofBody : []), ...(isSameOrigin(target.href, url) ? [] : ofOrigin)],
  };
}

/** A header shows each of its bytes as a character. Those of a location are UTF-8. */
function asUtf8(location: string): string {
  return new TextDecoder().decode(Uint8Array.from(location, (character) => character.charCodeAt(0)));
}

/** The error that `fetch` itself rejects with. */
function failed(reason: string): TypeError {
  return new TypeError('fetch failed', { cause: new Error(reason) });
}
