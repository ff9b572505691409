const limit = 64 * 1024;

interface Stream {
  on(event: 'data', listener: (chunk: { readonly length: number }) => void): void;
  on(event: 'error', listener: () => void): void;
  destroy(): void;
}

/**
 * Gives the connection of an unwanted response free. Only a streamed body is still there: it is read away, or ended where
 * it is long.
 */
export function release(body: unknown): void {
  if (typeof body !== 'object' || body === null) return;
  if (body instanceof ReadableStream) {
    body.cancel().catch(() => {});
  } else if ('on' in body && 'destroy' in body) {
    const stream = body as Stream;
    let size = 0;
    stream.on('error', () => {});
    stream.on('data', (chunk) => {
      size += chunk.length;
      if (size > limit) stream.destroy();
    });
  }
}
