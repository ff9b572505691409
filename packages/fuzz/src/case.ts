import fc from 'fast-check';
import { type Answer, answers } from './answer.ts';
import { type BodyKind, bodyKinds } from './body.ts';

/** A value that a user may give for a header. Most clients take more than text. */
export type HeaderValue = string | number | undefined | null | readonly string[];

/** A request, and all that befalls it. Plain data, so that a failing one can be read and sent again. */
export interface Case {
  readonly method: string | undefined;
  /** The path of the base URL, for clients that have one. */
  readonly base: string;
  readonly target: Target;
  /** `undefined` where the request is given no headers at all. */
  readonly headers: { readonly shape: string; readonly list: readonly (readonly [string, HeaderValue])[] } | undefined;
  readonly body: { readonly kind: BodyKind; readonly size: number } | undefined;
  readonly answers: readonly Answer[];
  readonly abort: 'never' | 'before' | 'on arrival';
  readonly timesOut: boolean;
  readonly retries: number;
  /** How many redirects are followed; `undefined` for what is usual. */
  readonly redirects: number | undefined;
  /** Whether an error is made of an answer that is none of the good ones. */
  readonly throws: boolean;
  readonly read: 'text' | 'json' | 'bytes' | 'stream';
  readonly decompress: boolean;
  /** What hooks or interceptors of the user's do. */
  readonly hook: 'none' | 'looks' | 'adds a header';
  /** Whether they were there before the token was attached. */
  readonly hookFirst: boolean;
  /** Whether more origins than one may get the token: its redirects are then followed by hand. */
  readonly several: boolean;
  /** Whether the attached client begins with a token that the API refuses. */
  readonly stale: boolean;
}

/** Where a request goes. */
export interface Target {
  readonly to: 'relative' | 'absolute' | 'foreign';
  /** What the client is given it as. */
  readonly as: 'string' | 'URL' | 'Request';
  readonly path: string;
  readonly query: Query | undefined;
}

/** The query that a client puts together by itself. */
export interface Query {
  readonly as: 'object' | 'URLSearchParams' | 'string';
  readonly pairs: readonly (readonly [string, string | number | boolean | null | undefined])[];
}

/** What a client can be given. */
export interface Abilities {
  readonly targets: readonly Target['as'][];
  readonly shapes: readonly string[];
  readonly bodies: readonly BodyKind[];
}

/** A value, or rarely another. */
const mostly = <T, U>(usual: T, other: fc.Arbitrary<U>, weight = 3): fc.Arbitrary<T | U> =>
  fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });

const segments = [
  'a',
  'orders',
  '',
  '.',
  '..',
  'a b',
  'ü',
  '世',
  '%20',
  '%zz',
  '%2F',
  '%2e%2e',
  ';v=1',
  ':8',
  '@',
  '\\',
  `'`,
];
const endings = ['', '?', '?q=1', '?q=a b&q=ü', '?q=%zz', '?q=a+b', `?q='"<>`, '#', '#part', '?q=1#part?x'];
const path = fc
  .tuple(fc.array(fc.constantFrom(...segments), { maxLength: 4 }), fc.constantFrom(...endings))
  .map(([parts, ending]) => parts.join('/') + ending);

const query: fc.Arbitrary<Query> = fc.record({
  as: fc.constantFrom('object', 'URLSearchParams', 'string'),
  pairs: fc.array(
    fc.tuple(
      fc.constantFrom('a', 'b', 'a b', 'ü', 'x[]'),
      fc.constantFrom<Query['pairs'][number][1]>('', '1', 'a b', '&=', '世', '%', 7, true, null, undefined),
    ),
    { maxLength: 4 },
  ),
});

const names = [
  'X-One',
  'x-one',
  'X-ONE',
  'x-two',
  'Accept',
  'accept-encoding',
  'User-Agent',
  'Content-Type',
  'content-type',
];
const rareNames = ['Cookie', 'Host', 'connection', 'Expect', 'no name', ''];
const ownToken = fc.tuple(
  fc.constantFrom('Authorization', 'authorization', 'AUTHORIZATION'),
  fc.constant('Basic b3Jk'),
);
const otherHeader = fc.tuple(
  fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...names) }, fc.constantFrom(...rareNames)),
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom<HeaderValue>('one', 'two, three', 'text/plain', 'application/json', 'identity'),
    },
    fc.constantFrom<HeaderValue>('', ' padded ', 'é', '世', 'a\nb', 7, undefined, null, ['one', 'two'], []),
  ),
);

const header = fc.oneof({ weight: 9, arbitrary: otherHeader }, ownToken);

/** Cases that a client can be given. */
export function caseFor({ targets, shapes, bodies }: Abilities): fc.Arbitrary<Case> {
  const known = bodyKinds.filter((kind) => bodies.includes(kind));
  return fc
    .record({
      method: fc.oneof(
        {
          weight: 6,
          arbitrary: fc.constantFrom(undefined, 'GET', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
        },
        fc.constantFrom('get', 'pOsT', 'patch', 'PURGE', 'QUERY', 'TRACE', 'no method'),
      ),
      base: fc.constantFrom('', '/', '/v1', '/v1/', '/a b/ü'),
      target: fc.record({
        to: fc.constantFrom('relative', 'relative', 'relative', 'absolute', 'foreign'),
        as: fc.constantFrom(...targets),
        path,
        query: mostly(undefined, query, 2),
      }),
      headers: fc.option(fc.record({ shape: fc.constantFrom(...shapes), list: fc.array(header, { maxLength: 4 }) }), {
        nil: undefined,
      }),
      body: fc.option(fc.record({ kind: fc.constantFrom(...known), size: fc.constantFrom(0, 1, 20, 20, 70_000) }), {
        nil: undefined,
      }),
      answers: fc.array(answers, { minLength: 1, maxLength: 4 }),
      abort: mostly('never', fc.constantFrom('before', 'on arrival'), 9),
      timesOut: mostly(false, fc.constant(true), 19),
      retries: mostly(0, fc.constant(2)),
      redirects: mostly(undefined, fc.constantFrom(0, 1, 5)),
      throws: fc.boolean(),
      read: fc.constantFrom('text', 'json', 'bytes', 'stream'),
      decompress: mostly(true, fc.constant(false)),
      hook: mostly('none', fc.constantFrom('looks', 'adds a header')),
      hookFirst: fc.boolean(),
      several: mostly(false, fc.constant(true)),
      stale: mostly(false, fc.constant(true)),
    } satisfies { [Key in keyof Case]: fc.Arbitrary<Case[Key]> })
    .map(plausible);
}

const isOdd = (name: string, value: HeaderValue): boolean =>
  !/^[\w-]+$/.test(name) || /[^ -~]/.test(String(value)) || name === 'Expect';

/** A case with no more trouble than can be told apart. */
function plausible(made: Case): Case {
  const { method = 'GET', headers, abort } = made;
  // When its upload is aborted, Node's fetch throws where nobody can catch it (24.21).
  const isForm = made.body?.kind === 'FormData';
  // A client gives up for one reason, and neither because of a refusal nor in a race with a server that answers by itself.
  const timesOut = made.timesOut && abort === 'never' && !isForm && /^[A-Z]+$/.test(method);
  const stale = made.stale && !timesOut;
  // Of two mistakes, it does not matter which one is told of.
  const isStrict = timesOut || /^(TRACE|no method)$/.test(method);
  const list = (headers?.list ?? []).filter(([name, value]) => !isStrict || !isOdd(name, value));
  return {
    ...made,
    ...(headers && { headers: { ...headers, list } }),
    abort: isForm ? 'never' : abort,
    timesOut,
    stale,
  };
}
