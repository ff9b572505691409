import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';

/** What a server does with a request: it answers, redirects, or breaks the connection. */
export type Answer =
  | {
      readonly status: number;
      readonly body: Text;
      readonly encoding: 'none' | 'gzip' | 'br' | 'deflate' | 'not gzip';
      readonly chunked: boolean;
      /** Whether the connection breaks in the middle. */
      readonly cut: boolean;
      /** Whether an informational answer comes first. */
      readonly hints: boolean;
    }
  | { readonly redirect: number; readonly to: Place }
  | 'broken connection';

type Text = 'json' | 'text' | 'empty' | 'null' | 'long';

const texts: Record<Text, string> = {
  json: '{"id":7,"note":"Grüße"}',
  text: 'Grüße, 世界',
  empty: '',
  null: 'null',
  long: 'long '.repeat(20_000),
};

type Place =
  | 'the same origin'
  | 'a relative path'
  | 'the same URL'
  | 'another origin'
  | 'odd text'
  | 'no URL'
  | 'another scheme'
  | 'credentials'
  | 'nowhere';

/** Where redirects lead. */
const locations: Record<Place, (own: string, foreign: string) => string | undefined> = {
  'the same origin': () => '/elsewhere?q=1',
  'a relative path': () => '../up#part',
  'the same URL': (own) => `${own}/loop`,
  'another origin': (_own, foreign) => `${foreign}/there`,
  'odd text': () => '/ü/a b/%zz',
  'no URL': () => 'http://:0:/',
  'another scheme': () => 'ftp://127.0.0.1/',
  credentials: (own) => own.replace('//', '//user:word@'),
  nowhere: () => undefined,
};

const statuses = [
  200, 200, 200, 200, 201, 204, 206, 304, 400, 401, 403, 404, 408, 413, 429, 500, 502, 503, 504,
] as const;

export const answers: fc.Arbitrary<Answer> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        status: fc.constantFrom(...statuses),
        body: fc.constantFrom('json', 'json', 'text', 'empty', 'null', 'long'),
        encoding: fc.constantFrom('none', 'none', 'none', 'gzip', 'br', 'deflate', 'not gzip'),
        chunked: fc.boolean(),
        cut: fc.constantFrom(false, false, false, false, false, false, false, true),
        hints: fc.constantFrom(false, false, false, false, true),
      })
      // Otherwise two errors race.
      .map((answer) => ({ ...answer, cut: answer.cut && answer.encoding === 'none' })),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      redirect: fc.constantFrom(300, 301, 302, 303, 307, 308),
      to: fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom('the same origin', 'a relative path', 'another origin') },
        fc.constantFrom('the same URL', 'odd text', 'no URL', 'another scheme', 'credentials', 'nowhere'),
      ),
    }),
  },
  fc.constant('broken connection'),
);

const asItIs = (text: string): Buffer => Buffer.from(text);

const encoders = {
  none: asItIs,
  gzip: gzipSync,
  br: brotliCompressSync,
  deflate: deflateSync,
  'not gzip': asItIs,
};

/** Gives an answer. The request has been read. */
export function give(response: ServerResponse, answer: Answer, own: string, foreign: string): void {
  if (answer === 'broken connection') {
    response.socket?.destroy();
  } else if ('redirect' in answer) {
    const location = locations[answer.to](own, foreign);
    // Node refuses to send what is not Latin-1.
    const sent = location && Buffer.from(location).toString('latin1');
    response.writeHead(answer.redirect, sent === undefined ? {} : { location: sent }).end('moved');
  } else {
    const { status, body, encoding, chunked, cut, hints } = answer;
    if (hints) response.writeEarlyHints({ link: '</style.css>; rel=preload' });
    const bytes = encoders[encoding](texts[body]);
    const bare = status === 204 || status === 304 || response.req.method === 'HEAD';
    response.setHeader('content-type', body === 'text' ? 'text/plain; charset=utf-8' : 'application/json');
    response.setHeader('Set-Cookie', ['a=1', 'b=2; HttpOnly']);
    response.setHeader('X-Twice', ['one', 'two']);
    if (status === 401) response.setHeader('www-authenticate', 'Bearer realm="orders"');
    if (encoding !== 'none') response.setHeader('content-encoding', encoding === 'not gzip' ? 'gzip' : encoding);
    if (!chunked && status !== 204) response.setHeader('content-length', bytes.length);
    response.writeHead(status);
    if (bare || !cut || bytes.length === 0) response.end(bare ? undefined : bytes);
    else response.write(bytes.subarray(0, bytes.length / 2), () => response.socket?.destroy());
  }
}
