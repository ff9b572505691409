import type { BeforeRequestHook } from 'got';

/** The options of one hop of one attempt: each redirect and each retry has its own, a copy of the last. */
export type Hop = Parameters<BeforeRequestHook>[0];

/** Gives got's error its cause: that of an `HTTPError` is an empty object, and got 14.0 gives the error of a hook none. */
export function giveCause(hop: Hop, cause: unknown): void {
  // Before the user's hooks, which may make another error of this one.
  hop.hooks.beforeError.unshift((error) => {
    if (error.options === hop && !(error.cause as Partial<Error> | undefined)?.message) error.cause = cause;
    return error;
  });
}
