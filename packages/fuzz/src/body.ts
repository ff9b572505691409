import { Readable } from 'node:stream';

/** Every kind of body that one of the clients takes. */
export const bodyKinds = [
  'string',
  'JSON',
  'form',
  'URLSearchParams',
  'Buffer',
  'typed array',
  'ArrayBuffer',
  'Blob',
  'FormData',
  'Node stream',
  'web stream',
  'async iterable',
] as const;

export type BodyKind = (typeof bodyKinds)[number];

/** What can be sent once only. */
export const streams: readonly BodyKind[] = ['Node stream', 'web stream', 'async iterable'];

const bytesOf = (size: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: size }, (_, index) => (index * index) % 251);

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 30_000) yield bytes.subarray(start, start + 30_000);
}

const makers: Record<BodyKind, (size: number) => unknown> = {
  string: (size) => 'ü'.repeat(size),
  JSON: (size) => ({ id: size, note: 'ü'.repeat(size), none: undefined, list: [null] }),
  form: (size) => ({ a: 'ü&='.repeat(size), b: size }),
  URLSearchParams: (size) => new URLSearchParams({ a: 'ü&='.repeat(size) }),
  Buffer: (size) => Buffer.from(bytesOf(size)),
  'typed array': bytesOf,
  ArrayBuffer: (size) => bytesOf(size).buffer,
  Blob: (size) => new Blob([bytesOf(size)], { type: 'text/x-odd' }),
  FormData: (size) => {
    const form = new FormData();
    form.append('a', 'ü'.repeat(size));
    form.append('a', new Blob([bytesOf(size)]), 'ü.bin');
    return form;
  },
  'Node stream': (size) => Readable.from(pieces(bytesOf(size)), { objectMode: false }),
  'web stream': (size) => Readable.toWeb(Readable.from(pieces(bytesOf(size)), { objectMode: false })),
  'async iterable': (size) => pieces(bytesOf(size)),
};

/** Makes a body, a new one each time. */
export function makeBody({ kind, size }: { readonly kind: BodyKind; readonly size: number }): unknown {
  return makers[kind](size);
}
