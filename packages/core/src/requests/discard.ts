const limit = 64 * 1024;

/**
 * Reads the body of a response that nobody wants, so that its connection can be used again; one that is long, or takes
 * more than a second, is cancelled, which costs the connection. Not to be waited for.
 */
export function discard(response: Response): void {
  // A body that breaks off needs no reading.
  if (response.body && !response.bodyUsed) readAway(response.body.getReader()).catch(() => {});
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
