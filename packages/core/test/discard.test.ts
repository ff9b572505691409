import { once } from 'node:events';
import { Readable } from 'node:stream';
import { expect, jest, test } from '@jest/globals';
import { discard } from '../src/common/body.ts';

/** A body that sends as many chunks as it is asked for, or one and then nothing. */
function bodyOf(chunk: Uint8Array, endless: boolean): { response: Response; cancelled: Promise<void> } {
  let cancel: () => void;
  const cancelled = new Promise<void>((resolve) => (cancel = resolve));
  const pull = (controller: ReadableStreamDefaultController): Promise<void> | void => {
    controller.enqueue(chunk);
    return endless ? undefined : new Promise(() => {});
  };
  return { response: new Response(new ReadableStream({ pull, cancel: () => cancel() })), cancelled };
}

test('a body is read to its end', async () => {
  const response = new Response('refused');
  discard(response);
  await new Promise(setImmediate);
  expect(response.bodyUsed).toBe(true);
});

test('a long body is cancelled', async () => {
  const { response, cancelled } = bodyOf(new Uint8Array(1_024), true);
  discard(response);
  await expect(cancelled).resolves.toBeUndefined();
});

test('a body that does not come to its end within a second is cancelled', async () => {
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(((late: () => void, delay: number) => {
    expect(delay).toBe(1_000);
    queueMicrotask(late);
  }) as never);
  const { response, cancelled } = bodyOf(new Uint8Array(1), false);
  discard(response);
  await expect(cancelled).resolves.toBeUndefined();
  jest.restoreAllMocks();
});

test('a body that somebody has read, and none at all, are left alone', async () => {
  const read = new Response('refused');
  await read.text();
  expect(() => discard(read)).not.toThrow();
  expect(() => discard(new Response(null))).not.toThrow();
});

test('the body of a fetch that has Node streams is read away, and is no reason to fail', async () => {
  const long = Readable.from(Array.from({ length: 200 }, () => Buffer.alloc(1_024)));
  const short = Readable.from([Buffer.from('refused')]);
  const [closed, ended] = [once(long, 'close'), once(short, 'end')];
  for (const body of [long, short]) discard({ body, bodyUsed: false } as unknown as Response);
  await Promise.all([closed, ended]);
  expect(long.readableEnded).toBe(false);
});
