import type { BodyPromise } from './adapter.ts';
import type { BodyKind } from './body.ts';

/**
 * What becomes of each kind of body wherever the client can send it: what is held in memory is sent again, a stream is
 * gone. A driver says where its client differs.
 */
export const bodyPromises: Readonly<Record<BodyKind, BodyPromise>> = {
  JSON: 'replayed',
  string: 'replayed',
  URLSearchParams: 'replayed',
  Buffer: 'replayed',
  'typed array': 'replayed',
  ArrayBuffer: 'replayed',
  Blob: 'replayed',
  'spec FormData': 'replayed',
  'npm form-data': 'handed over',
  'Node stream': 'handed over',
  'web stream': 'handed over',
  'async iterable': 'handed over',
  generator: 'handed over',
};

/** The promise for a kind of body that the client itself cannot send. */
export function unsupported(reason: string): BodyPromise {
  return { unsupported: reason };
}
