import { createContext, runInContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import type * as errors from '../src/common/errors.ts';
import { isTokenError, OAuthError, TokenError, tokenErrorOf } from '../src/index.ts';
import { clientSecret, expectNoSecretIn, shownOf } from './support.ts';

const failure = new TokenError('ERR_TOKEN_REQUEST', 'down', { transient: true, status: 503, retryAfter: 1_000 });

/** An error with this at the end of its chain of causes. */
function wrapped(cause: unknown, depth: number): unknown {
  return depth === 0 ? cause : new Error('wrapped', { cause: wrapped(cause, depth - 1) });
}

describe('a TokenError', () => {
  test('is an Error with a code, and says whether it may pass by itself', () => {
    expect(failure).toBeInstanceOf(Error);
    expect(failure).toMatchObject({
      name: 'TokenError',
      message: 'down',
      code: 'ERR_TOKEN_REQUEST',
      transient: true,
      status: 503,
      retryAfter: 1_000,
    });
    expect(String(failure.stack)).toMatch(/^TokenError: down\n/);
  });

  test('lasts unless it says otherwise, and has no field that says nothing', () => {
    const plain = new TokenError('ERR_TOKEN_RESPONSE', 'no token');
    expect(plain.transient).toBe(false);
    expect(Object.keys(plain).toSorted()).toEqual(['code', 'name', 'transient']);
    expect('cause' in plain).toBe(false);
  });

  test('keeps of its causes what tells the reason, and nothing that hangs on them', () => {
    const inner = Object.assign(new Error('reset'), { code: 'ECONNRESET', config: { data: clientSecret } });
    const outer = Object.assign(new TypeError('fetch failed', { cause: inner }), { request: clientSecret });
    const error = new TokenError('ERR_TOKEN_REQUEST', 'down', { cause: outer });
    expect(error.cause).toMatchObject({ name: 'TypeError', message: 'fetch failed' });
    expect(error.cause).toMatchObject({ cause: { name: 'Error', message: 'reset', code: 'ECONNRESET' } });
    expectNoSecretIn(error);
  });

  test('cuts out of its causes what must not be seen', () => {
    const inner = Object.assign(new Error(clientSecret), { name: `Error of ${clientSecret}`, code: clientSecret });
    const cause = new Error(`sent ${clientSecret}`, { cause: inner });
    const error = new TokenError('ERR_TOKEN_REQUEST', 'down', { cause, secrets: [clientSecret] });
    const shown = { name: 'Error of [redacted]', message: '[redacted]', code: '[redacted]' };
    expect(error.cause).toMatchObject({ message: 'sent [redacted]', cause: shown });
    expectNoSecretIn(error);
  });

  test.each<[string, unknown]>([
    ['a text', clientSecret],
    ['an object', { client_secret: clientSecret }],
    ['a response', new Response(clientSecret)],
    ['nothing', undefined],
  ])('leaves out a cause that is %s', (_, cause) => {
    expect(new TokenError('ERR_TOKEN_REQUEST', 'down', { cause }).cause).toBeUndefined();
  });

  test('takes what has a message for an error, in whatever realm it was made', () => {
    const foreign: unknown = runInContext(`new RangeError('too long')`, createContext());
    expect(foreign).not.toBeInstanceOf(Error);
    const { cause } = new TokenError('ERR_TOKEN_REQUEST', 'down', { cause: foreign });
    expect(cause).toMatchObject({ name: 'RangeError', message: 'too long' });
    expect(cause).toBeInstanceOf(Error);
    expect(new TokenError('ERR_TOKEN_REQUEST', 'down', { cause: { message: 'odd' } }).cause).toMatchObject({
      name: 'Error',
      stack: 'Error: odd',
    });
  });

  test('ends at a cause that causes itself', () => {
    const circular = new Error('round');
    circular.cause = circular;
    expect(shownOf(new TokenError('ERR_TOKEN_REQUEST', 'down', { cause: circular }))).toContain('round');
    expect(tokenErrorOf(circular)).toBeUndefined();
  });
});

describe('an OAuthError', () => {
  const answer = {
    error: 'invalid_client',
    errorDescription: 'No such client.',
    errorUri: 'https://docs.example.com/',
  };

  test('is a TokenError with the fields of RFC 6749', () => {
    const error = new OAuthError('refused', answer, { status: 401 });
    expect(error).toBeInstanceOf(TokenError);
    expect(error).toMatchObject({ ...answer, name: 'OAuthError', code: 'ERR_OAUTH_RESPONSE', status: 401 });
    expect(String(error.stack)).toMatch(/^OAuthError: refused\n/);
    expect(isTokenError(error)).toBe(true);
  });

  test('has no field that the server left out', () => {
    const error = new OAuthError('refused', { error: 'invalid_client' });
    expect(Object.keys(error).toSorted()).toEqual(['code', 'error', 'name', 'transient']);
  });

  test('cuts out of what the server wrote what must not be seen', () => {
    const echo = { error: 'invalid_client', errorDescription: `not ${clientSecret}`, errorUri: `urn:${clientSecret}` };
    const error = new OAuthError(`refused: ${clientSecret}`, echo, { secrets: [clientSecret] });
    expect(error).toMatchObject({ message: 'refused: [redacted]', errorDescription: 'not [redacted]' });
    expectNoSecretIn(error);
  });
});

describe('isTokenError and tokenErrorOf', () => {
  test.each([0, 1, 2, 7])('find the error behind %i others', (depth) => {
    expect(tokenErrorOf(wrapped(failure, depth))).toBe(failure);
    expect(isTokenError(wrapped(failure, depth))).toBe(true);
  });

  test('find the error of another copy of the library', async () => {
    const path: string = '../src/common/errors.ts?copy';
    const copy = (await import(path)) as typeof errors;
    const foreign = new copy.OAuthError('refused', { error: 'invalid_scope' });
    expect(copy.TokenError).not.toBe(TokenError);
    expect(isTokenError(foreign)).toBe(true);
    expect(tokenErrorOf(wrapped(foreign, 1))).toBe(foreign);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'ERR_TOKEN_REQUEST'],
    ['another error', new Error('down')],
    ['what only looks alike', { name: 'TokenError', code: 'ERR_TOKEN_REQUEST', transient: true }],
    ['what inherits from one', Object.create(failure)],
    ['the class', TokenError],
  ])('take %s for none', (_, value) => {
    expect(isTokenError(value)).toBe(false);
    expect(tokenErrorOf(value)).toBeUndefined();
  });
});
