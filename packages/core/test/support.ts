import { inspect } from 'node:util';
import { afterAll, afterEach, expect } from '@jest/globals';
import nock from 'nock';
import {
  type ClientTokenSource,
  createTokenSource,
  type TokenError,
  tokenErrorOf,
  type TokenSourceOptions,
} from '../src/index.ts';
import { untimedClock } from './test-clock.ts';

// Nothing is reached but servers that tests start themselves.
nock.enableNetConnect('127.0.0.1');
afterEach(() => nock.cleanAll());
// It stands between Node's own sockets and every file that this process runs after this one.
afterAll(() => nock.restore());

export const issuer = 'https://login.example.com';
export const tokenEndpoint: string = `${issuer}/connect/token`;
export const clientId = 'orders';
/** Looks like nothing else in a message, in whatever encoding. */
export const clientSecret = 'sesame/street+7%';
export const tokenValue = 'eyJ0.opensesame.c2ln';

/** A source that asks `tokenEndpoint`, unless `options` say otherwise. */
export function source(options: Partial<TokenSourceOptions> = {}): ClientTokenSource {
  const server = options.issuer === undefined ? { tokenEndpoint } : {};
  return createTokenSource({
    clientId,
    clientSecret,
    clock: untimedClock(),
    random: () => 0.5,
    // Failures are the subject of most tests, not how long a caller waits for them to pass.
    patience: 0,
    ...server,
    ...options,
  });
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** An object is sent as JSON. */
  readonly body?: unknown;
}

export interface Received {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
}

/** Answers the next requests to `url`, one for each answer, and tells what was received. */
export function answer(method: 'GET' | 'POST', url: string, ...answers: readonly Answer[]): Received[] {
  const received: Received[] = [];
  const { origin, pathname, search } = new URL(url);
  for (const { status = 200, headers = {}, body = '' } of answers) {
    nock(origin)
      .intercept(pathname + search, method)
      .reply(async (request: Request) => {
        received.push({ url, method: request.method, headers: request.headers, body: await request.text() });
        return [status, body as string, headers] as const;
      });
  }
  return received;
}

export const token = (fields: object = {}): Answer => ({
  body: { access_token: tokenValue, token_type: 'Bearer', expires_in: 3600, ...fields },
});

/** Answers token requests, by default one, with a token. */
export function answerTokenRequests(...answers: readonly Answer[]): Received[] {
  return answer('POST', tokenEndpoint, ...(answers.length === 0 ? [token()] : answers));
}

/** The form that was received, in the order of its names. */
export const formOf = (request: Received | undefined): [string, string][] =>
  [...new URLSearchParams(request?.body).entries()].toSorted(([a], [b]) => a.localeCompare(b));

/** The error that a promise is rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<TokenError> {
  const [result] = await Promise.allSettled([promise]);
  const error = tokenErrorOf(result?.status === 'rejected' ? result.reason : undefined);
  if (error === undefined) throw new Error(`a TokenError was expected, not ${inspect(result)}`);
  return error;
}

/** What a misuse throws. */
export function misuse(use: () => unknown): unknown {
  try {
    return use();
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toHaveProperty('code', 'ERR_INVALID_OPTION');
    return (error as Error).message;
  }
}

/** All that a log, a debugger or a crash report can show of a value and of its causes. */
export function shownOf(value: unknown): string {
  const texts = [JSON.stringify(value), inspect(value, { depth: Infinity, showHidden: true })];
  for (let item = value; item instanceof Error; item = item.cause) {
    texts.push(String(item), item.message, String(item.stack), JSON.stringify(item));
  }
  return texts.join('\n');
}

/** Expects that nothing of the client's credentials or of its token can be seen, in any spelling. */
export function expectNoSecretIn(value: unknown): void {
  const form = new URLSearchParams({ clientSecret }).toString().replace('clientSecret=', '');
  const spellings = [clientSecret, encodeURIComponent(clientSecret), form, btoa(`${clientId}:${form}`), tokenValue];
  const shown = shownOf(value);
  for (const spelling of spellings) expect(shown).not.toContain(spelling);
}
