const replayable = new Set(['URLSearchParams', 'ArrayBuffer', 'SharedArrayBuffer', 'Blob', 'File', 'FormData']);
const limit = 64 * 1024;

/**
 * Whether a request body can be sent again, byte for byte. A body that is held as a whole can; one that is consumed while it
 * is sent (a stream, an iterable) cannot, and is never kept aside in memory. No body can always be sent again.
 */
export function canSendAgain(body: unknown): boolean {
  if (body === undefined || body === null || typeof body === 'string' || ArrayBuffer.isView(body)) return true;
  // By name, since bodies come from other realms and libraries too; the FormData of npm is a stream of that very name.
  const name = Object.prototype.toString.call(body).slice(8, -1);
  return replayable.has(name) && typeof (body as { pipe?: unknown }).pipe !== 'function';
}

/**
 * Reads and drops the body of an unwanted response, so that its connection can be reused. A body that is long, or takes more
 * than a second, is cancelled, which costs the connection. Do not wait for it. Never throws.
 */
export function discard(response: Response): void {
  const { body, bodyUsed } = response;
  if (!body || bodyUsed) return;
  // A body that breaks off needs no reading.
  if (typeof body.getReader === 'function') readAway(body.getReader()).catch(() => {});
  else drain(body as unknown as NodeStream);
}

/** The body of a `fetch` such as node-fetch. */
interface NodeStream {
  on(event: 'data' | 'error', listener: (chunk: { readonly length: number }) => void): unknown;
  destroy(): unknown;
}

function drain(body: NodeStream): void {
  const timer = setTimeout(() => body.destroy(), 1_000);
  (timer as { unref?(): void }).unref?.();
  let size = 0;
  body.on('error', () => {});
  body.on('data', ({ length }) => {
    size += length;
    if (size > limit) body.destroy();
  });
}

async function readAway(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  const timer = setTimeout(() => void reader.cancel().catch(() => {}), 1_000);
  try {
    for (let size = 0; size <= limit;) {
      const { done, value } = await reader.read();
      if (done) return;
      size += value.byteLength;
    }
    await reader.cancel();
  } finally {
    clearTimeout(timer);
  }
}
