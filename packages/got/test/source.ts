import type { TokenSource } from '@tokenline/core';

/** A source that gives `token-1` until that is refused, then `token-2`, and so on. */
export function startSource(): TokenSource & { asked: number; current: number; failure: unknown } {
  return {
    asked: 0,
    current: 1,
    failure: undefined,
    async getToken({ rejected } = {}) {
      this.asked++;
      if (this.failure !== undefined) throw this.failure;
      if (rejected === `token-${this.current}`) this.current++;
      return { value: `token-${this.current}`, type: 'Bearer', expiresAt: undefined, scope: undefined };
    },
  };
}
