import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { unauthorized } from '@tokenline/adapter-tests';
import { bearerAuth, TokenError, tokenErrorOf, type TokenSource } from '@tokenline/got';
import got, { type AfterResponseHook, type ExtendOptions, type Response, type RetryOptions } from 'got';
import { startApi } from './api.ts';
import { startSource } from './source.ts';
import { newest, oldest } from './versions.ts';

const mebibyte = 1_048_576;
const failure = new TokenError('ERR_TOKEN_REQUEST', 'no token');

/** An answer by the user's own `request`. It says when it is cut off, as one of Node's does. */
function answer(statusCode: number, body: Iterable<Buffer> | AsyncIterable<Buffer> = [Buffer.from('yes')]): Readable {
  const readable = Readable.from(body);
  readable.once('close', () => readable.readableEnded || readable.emit('aborted'));
  return Object.assign(readable, { statusCode, headers: {} });
}

function answering(...answers: readonly Readable[]): ExtendOptions {
  const next = answers.values();
  return { prefixUrl: 'https://api.example.com', request: () => next.next().value as never };
}

describe('a refusal that is sent again', () => {
  test.each([
    ['is read to its end if that is no more than a megabyte away', mebibyte, true],
    ['is cut off where it is longer than a megabyte', mebibyte + 1, false],
  ])('%s', async (_, length, read) => {
    const source = startSource();
    // By then, got reads the refusal.
    const slow: TokenSource = { getToken: (options) => setImmediate().then(() => source.getToken(options)) };
    const refusal = answer(
      401,
      piecesOf(length, () => source.current === 2),
    );
    const client = bearerAuth(got.extend(answering(refusal, answer(200))), slow);
    expect(await client('orders').text()).toBe('yes');
    expect(refusal.readableEnded).toBe(read);
  });
});

/** The pieces of a long body, once it is time. */
async function* piecesOf(length: number, isTime: () => boolean): AsyncGenerator<Buffer> {
  while (!isTime()) await setImmediate();
  await setImmediate();
  for (let left = length; left > 0; left -= 65_536) yield Buffer.alloc(Math.min(left, 65_536));
  // The end comes by itself, not with the last piece.
  await setImmediate();
}

describe('a refusal that breaks off, when no other token can be had', () => {
  const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
  async function* broken(): AsyncGenerator<Buffer> {
    yield Buffer.from('you may not');
    await setImmediate();
    throw reset;
  }
  /** Sends a request whose refusal breaks off, and maybe another. */
  async function send(retry: Partial<RetryOptions>): Promise<{ result: unknown; heard: number[] }> {
    const source = startSource();
    const heard: number[] = [];
    const refusal = answer(401, broken());
    const own = answering(refusal, answer(200));
    const calculateDelay: RetryOptions['calculateDelay'] = ({ computedValue, attemptCount }) => {
      heard.push(computedValue);
      return attemptCount;
    };
    const client = bearerAuth(got.extend({ ...own, retry: { calculateDelay, noise: 0, ...retry } }), source);
    source.getToken = async ({ rejected } = {}) => {
      if (!rejected) return { value: 'token-1' };
      // By then, got asks how long to wait.
      while (!refusal.closed) await setImmediate();
      await setImmediate();
      throw failure;
    };
    const result: unknown = await client('orders')
      .text()
      .catch((error: unknown) => error);
    return { result, heard };
  }

  test('is retried as the user says', async () => {
    expect(await send({ limit: 1, backoffLimit: 7 })).toEqual({ result: 'yes', heard: [7] });
  });

  test('is not retried beyond the rules, and shows its own cause', async () => {
    const { result, heard } = await send({ limit: 0 });
    expect(result).toMatchObject({ code: 'ECONNRESET', cause: reset });
    expect(heard).toEqual([]);
  });

  test('is retried beyond the rules where they are not enforced', async () => {
    expect(await send({ limit: 0, enforceRetryRules: false })).toEqual({ result: 'yes', heard: [0] });
  });
});

const noDelay = (): number => 0;

const shownOf = ({ request: { options } }: Response<string>): unknown => [
  options.hooks.afterResponse,
  Object.keys(options.retry),
  options.retry.calculateDelay,
];

test.each([newest, oldest])(
  '$adapter.name shows the user’s own hooks and retries where a refusal is final, and where it is not',
  async ({ got: base }) => {
    const api = await startApi();
    const source = startSource();
    const afterResponse: AfterResponseHook[] = [(response) => response];
    const options = {
      prefixUrl: api.origin,
      hooks: { afterResponse },
      retry: { calculateDelay: noDelay },
      throwHttpErrors: false,
    };
    const client = bearerAuth(base.extend(options), source);
    const untouched = shownOf(await client('orders'));
    expect(untouched).toEqual([afterResponse, expect.any(Array), noDelay]);
    api.next(unauthorized());
    expect(shownOf(await client('orders'))).toEqual(untouched);
    api.respond = () => {
      source.failure = failure;
      return unauthorized();
    };
    expect(shownOf(await client('orders'))).toEqual(untouched);
  },
);

test('an error of a later attempt is not the fault of a renewal that failed before', async () => {
  const api = await startApi();
  const source = startSource();
  const retry = { limit: 1, statusCodes: [401], backoffLimit: 1, noise: 0 };
  const client = bearerAuth(got.extend({ prefixUrl: api.origin, retry }), {
    async getToken(options) {
      if (options?.rejected) throw failure;
      return source.getToken(options);
    },
  });
  api.next(unauthorized(), { status: 500 });
  const error: unknown = await client('orders').catch((reason: unknown) => reason);
  expect(error).toMatchObject({ response: { statusCode: 500 } });
  expect(tokenErrorOf(error)).toBeUndefined();
});
