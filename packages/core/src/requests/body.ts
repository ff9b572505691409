const replayable = new Set(['URLSearchParams', 'ArrayBuffer', 'SharedArrayBuffer', 'Blob', 'File', 'FormData']);

/**
 * Whether a request body can be sent again, byte for byte: one that is held as a whole can, one that is consumed while it is
 * sent (a stream, an iterable) cannot, and is never kept aside in memory. No body at all can always be sent again.
 */
export function canSendAgain(body: unknown): boolean {
  if (body === undefined || body === null || typeof body === 'string' || ArrayBuffer.isView(body)) return true;
  // By name, since bodies come from other realms and libraries too; the FormData of npm is a stream of that very name.
  const name = Object.prototype.toString.call(body).slice(8, -1);
  return replayable.has(name) && typeof (body as { pipe?: unknown }).pipe !== 'function';
}
