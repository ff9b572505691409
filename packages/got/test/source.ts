import type { TokenSource } from '@tokenline/core';

/** A source that gives `token-1` until that is refused, then `token-2`, and so on. */
export function startSource(): TokenSource & { asked: number; current: number; failure: unknown; delay: number } {
  return {
    asked: 0,
    current: 1,
    failure: undefined,
    delay: 0,
    async getToken({ rejected } = {}) {
      this.asked++;
      if (this.delay > 0) await new Promise((resolve) => setTimeout(resolve, this.delay));
      if (this.failure !== undefined) throw this.failure;
      if (rejected === `token-${this.current}`) this.current++;
      return { value: `token-${this.current}`, type: 'Bearer', expiresAt: undefined, scope: undefined };
    },
  };
}
