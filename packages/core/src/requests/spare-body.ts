const limit = 1024 * 1024;

/**
 * A copy of the body of a `Request`, which does not tell whether it is held as a whole or streamed. The copy is read while
 * the body is sent, and given up beyond a megabyte.
 */
export class SpareBody {
  /** The whole body, once it has been read. */
  bytes: Uint8Array<ArrayBuffer> | undefined;

  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  private constructor(request: Request) {
    const copy = request.clone();
    if (typeof copy.body?.getReader === 'function') this.#reader = copy.body.getReader();
    const reading = this.#reader ? this.#read(this.#reader) : this.#readAll(copy);
    // A body that cannot be read cannot be sent again.
    reading.catch(() => {});
  }

  /** A copy of the body of a request that has not been sent yet; `undefined` where it has none. */
  static of(request: Request): SpareBody | undefined {
    const { body, method } = request;
    // Firefox does not tell.
    const none = body === null || (body === undefined && /^(GET|HEAD)$/i.test(method));
    return none ? undefined : new SpareBody(request);
  }

  /** Ends the copy of a body that is not going to be sent: the body itself ends with the last of both. */
  abandon(reason: unknown): void {
    this.#reader?.cancel(reason).catch(() => {});
  }

  /** For Firefox, and for Node streams such as those of node-fetch. */
  async #readAll(copy: Request): Promise<void> {
    const bytes = new Uint8Array(await copy.arrayBuffer());
    if (bytes.byteLength <= limit) this.bytes = bytes;
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
