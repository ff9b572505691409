import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from './answer.ts';

/** What a route looks at. */
interface Routed {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const pages = 3;
/** Longer bodies are echoed by their fingerprint alone. */
const longest = 65_536;

/** Answers a request that carries a good token. */
export function route(request: Routed): Answer {
  const url = new URL(request.url, 'http://api');
  if (url.pathname === '/pages') return page(url);
  if (url.pathname === '/download') return { body: download(Number(url.searchParams.get('bytes'))) };
  const [, status] = /^\/status\/(\d{3})$/.exec(url.pathname) ?? [];
  return status === undefined ? echo(request) : { status: Number(status), body: `status ${status}` };
}

/** Tells a body's length, fingerprint and, where it is short, text. */
function echo({ method, url, headers, body }: Routed): Answer {
  const sha256 = createHash('sha256').update(body).digest('hex');
  const text = body.length <= longest ? body.toString() : undefined;
  return json({ method, url, headers, body: { bytes: body.length, sha256, text } });
}

/** One of three pages with two orders each; `Link` leads to the next. */
function page(url: URL): Answer {
  const number = Number(url.searchParams.get('page') ?? 1);
  const orders = [2 * number - 1, 2 * number].map((id) => ({ id }));
  return json(orders, number < pages ? { link: `</pages?page=${number + 1}>; rel="next"` } : {});
}

function* download(bytes: number): Generator<string> {
  for (let left = bytes; left > 0; left -= 16_384) yield 'x'.repeat(Math.min(left, 16_384));
}

function json(value: unknown, headers: Record<string, string> = {}): Answer {
  return { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}
