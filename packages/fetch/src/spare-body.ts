const limit = 1024 * 1024;

/**
 * A copy of the body of a `Request`, which does not tell whether it is held as a whole or streamed. The copy is read while
 * the body is sent, and given up beyond a megabyte.
 */
export class SpareBody {
  /** The whole body, once it has been read. */
  bytes: Uint8Array<ArrayBuffer> | undefined;

  /** @param request - one that has not been sent yet. */
  constructor(request: Request) {
    const reader = request.clone().body?.getReader();
    // A body that cannot be read cannot be sent again.
    if (reader !== undefined) this.#read(reader).catch(() => {});
  }

  async #read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size > limit) return reader.cancel();
      chunks.push(value);
    }
    const bytes = new Uint8Array(size);
    let position = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, position);
      position += chunk.byteLength;
    }
    this.bytes = bytes;
    return undefined;
  }
}
