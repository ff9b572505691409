/** What a `fetch` rejects with when there is no answer: the code of its cause says why. */
export function connectionError(code: 'ECONNRESET' | 'ENOTFOUND', message: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });
}

/** Whether an error is one of {@link connectionError}: there is to be no answer. */
export function isConnectionError(error: unknown): boolean {
  const { cause } = Object(error) as { cause?: { code?: unknown } };
  return error instanceof TypeError && (cause?.code === 'ECONNRESET' || cause?.code === 'ENOTFOUND');
}
