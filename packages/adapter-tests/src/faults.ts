import { brotliCompressSync, gzipSync } from 'node:zlib';
import { proofKey, type TokenErrorCode, type TokenSourceOptions } from '@tokenline/core';
import { answer, drip, echo, type Fault, flood, head, json, raw } from './faulty-server.ts';

/** Its middle is the same in every spelling but base64. */
export const clientSecret = `s3cr:t +Zq7Xw9Kp%41/&="~'\\ü`;
export const tokenValue = 'eyJ0.Vb4Tn8Rm.c2ln';

/** One way for a token endpoint to answer wrongly. */
export interface FaultCase {
  readonly name: string;
  readonly code: TokenErrorCode;
  readonly fault: Fault;
  /** Whether the connection is broken before a request can arrive. */
  readonly greets?: boolean;
  readonly source?: Partial<TokenSourceOptions>;
}

const page = '<!doctype html><title>Sign in</title><form action="/login">';
const html = { 'content-type': 'text/html' };
const good = { access_token: tokenValue, token_type: 'Bearer', expires_in: 3600 };
const goodText = JSON.stringify(good);
const token = (fields: object): Fault => json({ ...good, ...fields });
const error = (fields: object, status = 400): Fault => json({ error: 'invalid_client', ...fields }, status);
const zipped = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
const chunked = head(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
const promising = head(200, { 'content-type': 'application/json', 'content-length': '500' });
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));

/** What each answer leads to, by code. Of all of them the API must hear nothing. */
const cases: Record<string, Record<string, Fault | Omit<FaultCase, 'name' | 'code'>>> = {
  ERR_TOKEN_RESPONSE: {
    'a page': answer(200, html, page),
    'a page that says it is JSON': json(page),
    'a page without a type': answer(200, {}, page),
    'nothing at all': answer(200, {}),
    'nothing that says it is JSON': json(''),
    blanks: json(' \r\n\t '),
    text: json(JSON.stringify(tokenValue)),
    'the bare token': answer(200, { 'content-type': 'text/plain' }, tokenValue),
    'a form': answer(200, { 'content-type': 'application/x-www-form-urlencoded' }, `access_token=${tokenValue}`),
    'a list': json([good]),
    null: json('null'),
    'a number': json('7'),
    'an empty object': json({}),
    'JSON behind a prefix against hijacking': json(`)]}',\n${goodText}`),
    'JSON in single quotes': json(goodText.replaceAll('"', "'")),
    'JSON with a comma too many': json(goodText.replace('}', ',}')),
    'JSON twice': json(goodText + goodText),
    'JSON with a comment': json(`/* ok */${goodText}`),
    'JSON in UTF-16': json(Buffer.from(goodText, 'utf16le')),
    'JSON that is shorter than it says': answer(200, { 'content-length': String(goodText.length - 1) }, goodText),
    'a token that is missing': token({ access_token: undefined }),
    'a token that is empty': token({ access_token: '' }),
    'a token that is null': token({ access_token: null }),
    'a token that is a number': token({ access_token: 7 }),
    'a token that is true': token({ access_token: true }),
    'a token in a list': token({ access_token: [tokenValue] }),
    'a token in an object': token({ access_token: { value: tokenValue } }),
    'a token by another name': json({ accessToken: tokenValue, token: tokenValue, token_type: 'Bearer' }),
    'a token by prototype': json(`{"__proto__":${goodText}}`),
    'a token by constructor': json(`{"constructor":{"prototype":${goodText}}}`),
    'a token beside a prototype': json(`{"__proto__":{"access_token":"x"},"token_type":"Bearer"}`),
    'a token that is given twice, the second time wrongly': json(goodText.replace('}', ',"access_token":7}')),
    'a token that is deep': json(`{"access_token":${'['.repeat(5_000)}${']'.repeat(5_000)}}`),
    'a token that is too great a number': json('{"access_token":1e999}'),
    'a token with a line feed and a header': token({ access_token: `${tokenValue}\r\nX-Evil: 1` }),
    'a token that ends in a line feed': token({ access_token: `${tokenValue}\n` }),
    'a token with NUL': token({ access_token: `${tokenValue}\0` }),
    'a token with DEL': token({ access_token: `${tokenValue}\u007f` }),
    'a token with a tab': token({ access_token: `a\t${tokenValue}` }),
    'a token with its scheme': token({ access_token: `Bearer ${tokenValue}` }),
    'a token with a letter beyond ASCII': token({ access_token: `${tokenValue}é` }),
    'a token with half a pair of surrogates': json(goodText.replace('Vb4Tn8Rm', 'Vb4Tn8Rm\\ud800')),
    'a token that is invalid UTF-8': json(Buffer.from(goodText.replace('Vb4Tn8Rm', 'Vb4Tn8Rm\xff\xfe'), 'latin1')),
    'a token in overlong UTF-8': json(Buffer.from(goodText.replace('Vb4Tn8Rm', 'Vb4Tn8Rm\xc0\xaf'), 'latin1')),
    'a type that is unknown': token({ token_type: 'mac' }),
    'a type that is not applicable': token({ token_type: 'N_A' }),
    'a type that is a number': token({ token_type: 7 }),
    'a type in a list': token({ token_type: ['Bearer'] }),
    'a type that needs a proof': token({ token_type: 'DPoP' }),
    'a scope that is a number': token({ scope: 7 }),
    'a scope that is an object': token({ scope: { orders: true } }),
    'an error that is an object, as a success': json({ ...good, error: { code: 190 } }),
    'an error in a list, as a success': json({ ...good, error: ['invalid_client'] }),
    'something compressed that breaks off': answer(200, zipped, gzipSync(goodText).subarray(0, 30)),
    'no content': answer(204, {}),
    'content to be reset': answer(205, {}),
    'the secret in place of a token': echo((request) => json({ error_description: request })),
  },
  ERR_OAUTH_RESPONSE: {
    'an error as a success': error({}, 200),
    'an error beside a token': json({ ...good, error: 'invalid_scope' }),
    'an error that repeats the token': json({ ...good, error: 'oops', error_description: `no: ${tokenValue}` }),
    'an error that repeats the request': echo((request) => error({ error_description: request })),
    'an error that is the request': echo((request) => json({ error: request }, 400)),
    'an error whose page is the request': echo((request) => error({ error_uri: `https://x.example.com/?${request}` })),
    'an error that repeats the secret': error({ error_description: `wrong: ${clientSecret}` }),
    'an error that repeats it encoded': error({ error_description: encodeURIComponent(clientSecret) }),
    'an error that repeats it encoded in small letters': error({
      error_description: encodeURIComponent(clientSecret).replaceAll(/%../g, (code) => code.toLowerCase()),
    }),
    'an error that repeats it for a page': error({
      error_description: clientSecret.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
    }),
    'an error that repeats it as JSON': error({ error_description: JSON.stringify({ clientSecret }) }),
    'an error that repeats it where the text is cut off': error({
      error_description: 'x'.repeat(500 - clientSecret.length + 2) + clientSecret,
    }),
    'an error that repeats the credentials': error({ error_description: `Basic ${btoa('orders:s3cr')}` }, 401),
    'an error with control characters': error({ error_description: '\u001B[2J\r\n\0\u202E' }),
    'an error of great length': error({ error_description: 'x'.repeat(900_000) }),
    'an error that is sent with other headers': json({ error: 'invalid_client' }, 401, {
      'www-authenticate': 'Basic realm="x", Bearer error="invalid_token"',
      'dpop-nonce': 'n',
      'set-cookie': 'session=1; HttpOnly',
      location: 'http://127.0.0.1:1/',
    }),
    'a nonce that is demanded without end': {
      fault: json({ error: 'use_dpop_nonce' }, 400, { 'dpop-nonce': 'n' }),
      source: { dpop: proofKey() },
    },
    'a nonce that is demanded where there is no proof': json({ error: 'use_dpop_nonce' }, 400, { 'dpop-nonce': 'n' }),
  },
  ERR_TOKEN_REQUEST: {
    'a refusal with a page': answer(400, html, page),
    'a refusal with nothing that says it is JSON': json('', 401),
    'a refusal with a list': json([{ error: 'invalid_client' }], 400),
    'a refusal with an error that is an object': json({ error: { code: 190, message: clientSecret } }, 400),
    'a refusal with an error by prototype': json('{"__proto__":{"error":"invalid_client"}}', 400),
    'a refusal in plain text': answer(400, { 'content-type': 'text/plain' }, 'invalid_client'),
    'a refusal with a token': json(good, 403),
    'a wrong path': answer(404, html, page),
    'a teapot': json({ short: 'stout' }, 418),
    'too many requests': json({ error: 'slow_down' }, 429, { 'retry-after': '7' }),
    'a pause that cannot be read': json('', 503, { 'retry-after': 'soon\t' }),
    'a failure': answer(500, html, page),
    'a failure with a token': json(good, 500),
    'a failure that repeats the request': echo((request) => answer(500, html, request)),
    'a status that there is not': json(good, 599),
    'not modified': answer(304, {}),
    'many choices': json(good, 300),
    'a redirect to nowhere': answer(302, {}),
    'a redirect without an end': answer(302, { location: '/connect/token' }),
    'a redirect to a script': answer(302, { location: 'javascript:alert(1)' }),
    'a leave to continue that was not asked for': raw('HTTP/1.1 100 Continue\r\n\r\n', 'hang'),
    'another protocol': answer(101, { connection: 'upgrade', upgrade: 'websocket' }),
    'a status of too few digits': raw('HTTP/1.1 20 OK\r\n\r\n'),
    'a status of too many digits': raw('HTTP/1.1 2000 OK\r\n\r\n'),
    'a status that is a word': raw('HTTP/1.1 OK\r\n\r\n'),
    'HTTP of another age': raw(goodText),
    'no HTTP': raw('SSH-2.0-OpenSSH_9.9\r\n'),
    'the beginning of TLS': raw(Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 3])),
    'a header without a colon': raw(`HTTP/1.1 200 OK\r\nx-evil\r\n\r\n${goodText}`),
    'a header with NUL': raw(`HTTP/1.1 200 OK\r\nx-evil: a\0b\r\n\r\n${goodText}`),
    'headers without an end': flood('HTTP/1.1 200 OK\r\n', `x-more: ${'x'.repeat(1_000)}\r\n`),
    'two lengths': raw(`HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 75\r\n\r\n${goodText}`),
    'a length below nothing': raw(`HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n${goodText}`),
    'a length beside chunks': raw(
      `HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    ),
    'a chunk of no length': raw(`${chunked}zz\r\n${goodText}\r\n0\r\n\r\n`),
    'chunks that break off': raw(`${chunked}${goodText.length.toString(16)}\r\n${goodText}\r\n`),
    'a body that breaks off': raw(promising + goodText),
    'a body that is more than a megabyte': json(`${' '.repeat(1_100_000)}${goodText}`),
    'a refusal that is more than a megabyte': answer(400, html, 'x'.repeat(1_100_000)),
    'a body without an end': flood(head(200, { 'content-type': 'application/json' }), ' '.repeat(65_536)),
    'chunks without an end': flood(chunked, `4000\r\n${' '.repeat(16_384)}\r\n`),
    'a bomb': answer(200, zipped, bomb),
    'a bomb in a bomb': answer(200, { ...zipped, 'content-encoding': 'gzip, gzip' }, gzipSync(bomb)),
    'a bomb by another method': answer(
      200,
      { ...zipped, 'content-encoding': 'br' },
      brotliCompressSync(Buffer.alloc(8_000_000, ' ')),
    ),
    'garbage that says it is compressed': answer(200, zipped, 'no gzip at all'),
    'a reset before the request': { fault: raw(''), greets: true },
    'a reset before the answer': raw('', 'reset'),
    'an end before the answer': raw('', 'close'),
    'a reset in the status line': raw('HTTP/1.1 2', 'reset'),
    'a reset in the headers': raw('HTTP/1.1 200 OK\r\ncontent-ty', 'reset'),
    'a reset in the body': raw(promising + goodText.slice(0, 20), 'reset'),
  },
  ERR_TOKEN_TIMEOUT: {
    'no answer': raw('', 'hang'),
    'no more than half a status line': raw('HTTP/1.1 2', 'hang'),
    'no more than half the headers': raw('HTTP/1.1 200 OK\r\ncontent-ty', 'hang'),
    'no more than half the body': raw(promising + goodText.slice(0, 20), 'hang'),
    'a token that waits for its last byte': raw(promising + goodText, 'hang'),
    'hints without an end': drip('', 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n', 5),
    'a body that drips': drip(chunked, '1\r\n \r\n', 5),
    'headers that drip': drip('HTTP/1.1 200 OK\r\n', 'x-more: 1\r\n', 5),
    'a refusal that drips': drip(head(400, { 'transfer-encoding': 'chunked' }), '1\r\n \r\n', 5),
  },
};

export const faults: readonly FaultCase[] = Object.entries(cases).flatMap(([code, entries]) =>
  Object.entries(entries).map(([name, entry]) => ({
    name,
    code: code as TokenErrorCode,
    ...(typeof entry === 'function' ? { fault: entry } : entry),
  })),
);
