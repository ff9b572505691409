import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import NpmFormData from 'form-data';
import type { ReceivedRequest } from './api-server.ts';

/** Every kind of body that one of the clients can send. */
export const bodyKinds = [
  'JSON',
  'string',
  'URLSearchParams',
  'Buffer',
  'typed array',
  'ArrayBuffer',
  'Blob',
  'spec FormData',
  'npm form-data',
  'Node stream',
  'web stream',
  'async iterable',
  'generator',
] as const;

export type BodyKind = (typeof bodyKinds)[number];

const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * index) % 251));
const text = 'Grüße, 世界'.repeat(100);
const order = { id: 7, note: 'Grüße' };

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 50_000) yield bytes.subarray(start, start + 50_000);
}

const makers: Record<BodyKind, { make: () => unknown; expected: Uint8Array | RegExp }> = {
  JSON: { make: () => ({ ...order }), expected: Buffer.from(JSON.stringify(order)) },
  string: { make: () => text, expected: Buffer.from(text) },
  URLSearchParams: {
    make: () => new URLSearchParams({ a: '1 & 2', b: 'ü' }),
    expected: Buffer.from('a=1+%26+2&b=%C3%BC'),
  },
  Buffer: { make: () => Buffer.from(bytes), expected: bytes },
  'typed array': { make: () => new Uint16Array(arrayBuffer()), expected: Buffer.from(arrayBuffer()) },
  ArrayBuffer: { make: arrayBuffer, expected: Buffer.from(arrayBuffer()) },
  Blob: { make: () => new Blob([bytes], { type: 'image/png' }), expected: bytes },
  'spec FormData': {
    make: specFormData,
    expected: /name="order"\r\n\r\n7\r\n.*filename="a\.txt".*\r\n\r\nGrüße\r\n--BOUNDARY--/s,
  },
  'npm form-data': {
    make: npmFormData,
    expected: /name="order"\r\n\r\n7\r\n.*filename="a\.txt".*\r\n\r\nGrüße\r\n--BOUNDARY--/s,
  },
  'Node stream': { make: () => Readable.from(pieces(), { objectMode: false }), expected: bytes },
  'web stream': { make: () => ReadableStream.from(pieces()), expected: bytes },
  'async iterable': { make: () => ({ [Symbol.asyncIterator]: pieces }), expected: bytes },
  generator: { make: pieces, expected: bytes },
};

/** Makes a new body of this kind. */
export function makeBody(kind: BodyKind): { kind: BodyKind; value: unknown } {
  return { kind, value: makers[kind].make() };
}

/** What is wrong with a body of this kind as it arrived; `undefined` where every byte is there. */
export function defectOf(kind: BodyKind, { body, headers }: ReceivedRequest): string | undefined {
  const { expected } = makers[kind];
  if (!(expected instanceof RegExp))
    return body.equals(expected) ? undefined : `${body.length} of ${expected.length} bytes`;
  const [, boundary = '?'] = /^--([^\r]+)/.exec(body.toString()) ?? [];
  const form = body.toString().replaceAll(boundary, 'BOUNDARY');
  const [, told = boundary] = /boundary="?([^";]+)/.exec(headers['content-type'] ?? '') ?? [];
  return expected.test(form) && told === boundary ? undefined : `${headers['content-type']}: ${form}`;
}

function arrayBuffer(): ArrayBuffer {
  const buffer = new ArrayBuffer(1_000);
  Buffer.from(buffer).set(bytes.subarray(0, 1_000));
  return buffer;
}

function specFormData(): FormData {
  const form = new FormData();
  form.set('order', '7');
  form.set('file', new Blob(['Grüße'], { type: 'text/plain' }), 'a.txt');
  return form;
}

function npmFormData(): NpmFormData {
  const form = new NpmFormData();
  form.append('order', '7');
  form.append('file', Buffer.from('Grüße'), { filename: 'a.txt', contentType: 'text/plain' });
  return form;
}
