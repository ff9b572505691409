import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AccessToken, type ClientTokenSource, createTokenSource, isTokenError } from '../../src/index.ts';
import { hour, minute, second, shift, untimedClock } from '../test-clock.ts';
import {
  HeldServer,
  oauthError,
  type Reply,
  settle,
  steps,
  type TokenRequest,
  unavailable,
  unreachable,
} from './held-server.ts';

const scopes = ['read', 'write'] as const;
type Scope = (typeof scopes)[number];

/** What the server may answer: a lifetime in seconds, the token that it issued last once more, or a failure. */
const replies: Record<string, number | undefined | 'same' | (() => Reply)> = {
  'a token of a second': 1,
  'a token of 4 seconds': 4,
  'a token of a minute': 60,
  'a token of an hour': 3600,
  'a token of unknown lifetime': undefined,
  'a token not to be kept': 0,
  'the same token': 'same',
  'status 500': () => unavailable({}, 500),
  'status 429': () => unavailable({ 'retry-after': '3' }, 429),
  invalid_client: () => oauthError('invalid_client'),
  invalid_scope: () => oauthError('invalid_scope'),
  'half an answer': () => new Response('{"access_token":'),
  'no answer': unreachable,
};

/** A source of two keys, its callers, and the server, which knows for how long its tokens are good. */
class World {
  readonly violations: string[] = [];
  readonly #clock = untimedClock();
  readonly #server: HeldServer;
  readonly #source: ClientTokenSource;
  readonly #controllers: AbortController[] = [];
  readonly #ages = new Map<TokenRequest, () => number>();
  readonly #isGood = new Map<string, () => boolean>();
  readonly #issued = new Map<string, string>();
  readonly #handedOut: Record<Scope, string[]> = { read: [], write: [] };
  #unsettled = 0;

  constructor(heedsSignals: boolean, jitter: readonly number[]) {
    let draws = 0;
    this.#server = new HeldServer({ heedsSignals });
    this.#server.onRequest = (request) => this.#arrive(request);
    this.#source = createTokenSource({
      tokenEndpoint: 'https://login.example.com/connect/token',
      clientId: 'orders',
      clientSecret: async () => 's3cret',
      clientAuthentication: 'client_secret_post',
      patience: 0,
      // However far the clocks move, no request has taken too long: a late one would be replaced.
      timeout: 2_147_483_647,
      fetch: this.#server.fetch,
      clock: this.#clock,
      random: () => jitter[draws++ % jitter.length] ?? 0,
      onEvent: () => Promise.reject(new Error('the affair of the listener')) as unknown,
    });
  }

  call(scope: Scope, refused: 'none' | 'the current' | 'an old', mayLeave: boolean): void {
    const current = refused === 'the current';
    const rejected = refused === 'none' ? undefined : this.#handedOut[scope].at(current ? -1 : -2);
    const controller = new AbortController();
    if (mayLeave) this.#controllers.push(controller);
    const signal = mayLeave ? controller.signal : undefined;
    const asked = this.#source.with({ scope }).getToken({ signal, rejected });
    this.#unsettled++;
    const gets = ({ value }: AccessToken): void => {
      if (this.#isGood.get(value)?.() !== true) this.violations.push(`an expired ${value} was handed out`);
      if (current && value === rejected) this.violations.push(`a refused ${value} was handed out`);
      if (this.#handedOut[scope].at(-1) !== value) this.#handedOut[scope].push(value);
    };
    const fails = (error: unknown): void => {
      const own = signal?.aborted === true && error === signal.reason;
      if (!own && !isTokenError(error)) this.violations.push(`a caller got ${String(error)}`);
    };
    void asked.then(gets, fails).finally(() => this.#unsettled--);
  }

  leave(index: number): void {
    this.#controllers[index % this.#controllers.length]?.abort(new Error('left'));
  }

  /** Answers a request, be it one that nobody waits for any more. */
  answer(index: number, name: string): void {
    const open = this.#server.requests.filter((request) => request.unanswered);
    const request = open[index % open.length];
    if (request !== undefined) this.#answer(request, replies[name]);
  }

  /** The clocks move when all is done that was to be done before. */
  async pass(milliseconds: number): Promise<void> {
    await settle();
    this.#clock.advance(milliseconds);
  }

  get refusals(): readonly string[] {
    return this.#server.refusals;
  }

  /** Somebody sets the wall clock. */
  async set(milliseconds: number): Promise<void> {
    await settle();
    shift(this.#clock, milliseconds);
  }

  /** Answers whoever still waits; then nobody does. */
  async end(): Promise<void> {
    for (let round = 0; round < 5; round++) {
      await settle();
      for (const request of this.#server.waiting) this.#answer(request, 3600);
    }
    if (this.#unsettled > 0) this.violations.push(`${this.#unsettled} callers wait for ever`);
  }

  #arrive(arrived: TokenRequest): void {
    this.#ages.set(arrived, this.#stopwatch());
    const scope = arrived.form.get('scope');
    const underWay = this.#server.waiting.filter(({ form }) => form.get('scope') === scope).length;
    if (underWay > 1) this.violations.push(`${underWay} token requests are under way for ${scope}`);
  }

  #answer(request: TokenRequest, reply: (typeof replies)[string]): void {
    if (typeof reply === 'function') return request.answer(reply());
    const scope = request.form.get('scope') ?? '';
    const expires_in = reply === 'same' ? 3600 : reply;
    const access_token = (reply === 'same' ? this.#issued.get(scope) : undefined) ?? request.token;
    this.#issued.set(scope, access_token);
    // One that is not to be kept is good now and never after.
    const age = expires_in === 0 ? this.#stopwatch() : (this.#ages.get(request) ?? this.#stopwatch());
    const lifetime = expires_in === 0 ? 1 : (expires_in ?? 300) * second;
    const before = this.#isGood.get(access_token) ?? (() => false);
    this.#isGood.set(access_token, () => before() || age() < lifetime);
    return request.answer({ access_token, expires_in });
  }

  /** Milliseconds from now, by the clock that says more. */
  #stopwatch(): () => number {
    const { now, monotonic } = this.#clock;
    const [wall, steady] = [now(), monotonic()];
    return () => Math.max(now() - wall, monotonic() - steady);
  }
}

type Act = (world: World) => unknown;

const anyIndex = fc.nat({ max: 20 });
const anyScope = fc.constantFrom(...scopes);
const anyReply = fc.constantFrom(...Object.keys(replies));
const anyTime = fc.constantFrom(1, 100, 300, second, 3 * second, 10 * second, 55 * second, minute, 55 * minute, hour);

/** An event that says what it is, in the report of a failure. */
const act = <T>(
  arbitrary: fc.Arbitrary<T>,
  name: string,
  does: (world: World, value: T) => unknown,
): fc.Arbitrary<Act> =>
  arbitrary.map((value) =>
    Object.assign((world: World) => does(world, value), {
      [fc.toStringMethod]: () => `${name}(${fc.stringify(value)})`,
    }),
  );

const anyAct: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: act(
      fc.tuple(anyScope, fc.constantFrom('none', 'the current', 'an old'), fc.boolean()),
      'call',
      (world, call) => world.call(...call),
    ),
  },
  { weight: 2, arbitrary: act(anyIndex, 'leave', (world, index) => world.leave(index)) },
  { weight: 5, arbitrary: act(fc.tuple(anyIndex, anyReply), 'answer', (world, answer) => world.answer(...answer)) },
  { weight: 3, arbitrary: act(anyTime, 'advance', (world, time) => world.pass(time)) },
  { weight: 2, arbitrary: act(anyTime, 'set forward', (world, time) => world.set(time)) },
  { weight: 1, arbitrary: act(anyTime, 'set back', (world, time) => world.set(-time)) },
  { weight: 3, arbitrary: act(fc.constant(''), 'settle', () => settle()) },
  // A few steps of promises only, so that what comes next meets things half done.
  {
    weight: 3,
    arbitrary: act(fc.nat({ max: 30 }), 'steps', (_, count) => steps(count)),
  },
);

test('whoever calls, leaves and answers, and whatever the clocks do: one request a key, no expired token, nobody waits for ever', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): unknown => unhandled.push(reason);
  process.on('unhandledRejection', note);
  const jitter = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
    minLength: 1,
    maxLength: 3,
  });
  const property = fc.asyncProperty(
    fc.array(anyAct, { maxLength: 60, size: 'max' }),
    fc.boolean(),
    jitter,
    async (acts, heedsSignals, draws) => {
      const world = new World(heedsSignals, draws);
      for (const happens of acts) await happens(world);
      await world.end();
      expect([...world.violations, ...world.refusals, ...unhandled.splice(0)]).toEqual([]);
    },
  );
  await fc.assert(property, { numRuns: 500 });
  process.off('unhandledRejection', note);
});
