import { startTimer, systemClock } from './clock.ts';

const replayable = new Set(['URLSearchParams', 'ArrayBuffer', 'SharedArrayBuffer', 'Blob', 'File', 'FormData']);
const short = 64 * 1024;
const long = 1024 * 1024;

/**
 * Whether a request body can be sent again, byte for byte. A body that is held as a whole can; one that is consumed while it
 * is sent (a stream, an iterable) cannot, and is never kept aside in memory. No body can always be sent again.
 */
export function canSendAgain(body: unknown): boolean {
  if (body === undefined || body === null || typeof body === 'string' || ArrayBuffer.isView(body)) return true;
  // The FormData of npm is a stream of that very name.
  return replayable.has(kindOf(body)) && typeof (body as { pipe?: unknown }).pipe !== 'function';
}

/**
 * The name of a body's class: by its tag, since bodies come from other realms and libraries too; and by the class itself on
 * a runtime whose classes have no tags, such as workerd with a compatibility date before 2024-09-26.
 */
export function kindOf(body: unknown): string {
  const tag = Object.prototype.toString.call(body).slice(8, -1);
  if (tag !== 'Object') return tag;
  return [...replayable].find((name) => isInstance(body, Reflect.get(globalThis, name))) ?? tag;
}

function isInstance(value: unknown, of: unknown): boolean {
  return typeof of === 'function' && value instanceof of;
}

/**
 * Reads and drops the body of an unwanted response, so that its connection can be reused. A body that is long, or takes more
 * than a second, is cancelled, which costs the connection. Do not wait for it. Never throws.
 */
export function discard({ body, bodyUsed }: Pick<Response, 'body' | 'bodyUsed'>): void {
  if (!body || bodyUsed) return;
  // A body that breaks off needs no reading.
  if (typeof body.getReader === 'function') readAway(body.getReader(), short).catch(() => {});
  else drain(body as unknown as NodeStream);
}

/**
 * Reads the body of a response into memory, so that its connection is free, and returns the response that can still be read:
 * another one if the body is a Node stream. A body that is longer than a megabyte, or takes more than a second, is cancelled.
 * Never rejects.
 */
export async function keep(response: Response): Promise<Response> {
  const { body, bodyUsed } = response;
  // What only looks like a response cannot be made again.
  if (bodyUsed || !body || !('clone' in response)) return response;
  try {
    // A clone of a response with a Node stream would wait for the other to be read.
    if (typeof body.getReader !== 'function') return await keptOf(response, body as unknown as NodeStream);
    const reader = response.clone().body?.getReader();
    // What is read of a clone is kept for the other; the connection is given up when neither is wanted.
    if (reader && !(await readAway(reader, long))) await response.body?.cancel();
  } catch {
    // A body that breaks off does so again for whoever reads the response.
  }
  return response;
}

/** Ends the stream of a request that is not going to be sent. Never throws. */
export function abandon(body: unknown, reason?: unknown): void {
  const { destroy, cancel, locked } = (body ?? {}) as Partial<ReadableStream & NodeStream>;
  if (typeof destroy === 'function') destroy.call(body);
  else if (typeof cancel === 'function' && locked === false) cancel.call(body, reason).catch(() => {});
}

/** The body of a `fetch` such as node-fetch. */
interface NodeStream extends AsyncIterable<Uint8Array<ArrayBuffer>> {
  on(event: 'close' | 'data' | 'error', listener: (chunk: { readonly length: number }) => void): unknown;
  once(event: 'unpipe', listener: (from: NodeStream) => void): unknown;
  destroy(): unknown;
}

/** Ends a stream, and what is piped into it: node-fetch 2 shows another stream than that of the connection. */
function cutOff(body: NodeStream): void {
  body.once('unpipe', cutOff);
  body.destroy();
}

/** The same response as its library makes them, with the body that was read; with none if that was given up. */
async function keptOf(response: Response, body: NodeStream): Promise<Response> {
  const { status, statusText, headers, url, redirected } = response;
  const cancel = startTimer(systemClock, () => cutOff(body), 1_000);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > long) cutOff(body);
      else chunks.push(chunk);
    }
  } catch {
    size = Infinity;
  }
  cancel();
  const bytes = size > long ? null : new Uint8Array(await new Blob(chunks).arrayBuffer());
  // These libraries count redirects.
  const init = { status, statusText, headers, url, counter: Number(redirected) };
  return new (response.constructor as typeof Response)(bytes, init);
}

function drain(body: NodeStream): void {
  const cancel = startTimer(systemClock, () => cutOff(body), 1_000);
  let size = 0;
  body.on('error', () => {});
  body.on('close', cancel);
  body.on('data', ({ length }) => {
    size += length;
    if (size > short) cutOff(body);
  });
}

/** Whether the end of a body came within the limit, in bytes, and a second. Otherwise the body is cancelled. */
async function readAway(reader: ReadableStreamDefaultReader<Uint8Array>, limit: number): Promise<boolean> {
  let late = false;
  const giveUp = (): void => {
    late = true;
    reader.cancel().catch(() => {});
  };
  const cancel = startTimer(systemClock, giveUp, 1_000);
  try {
    for (let size = 0; size <= limit;) {
      const { done, value } = await reader.read();
      if (done) return !late;
      size += value.byteLength;
    }
    giveUp();
    return false;
  } finally {
    cancel();
  }
}
