import type { BeforeRequestHook } from 'got';

/** The options of one hop of one attempt: each redirect and each retry has its own, a copy of the last. */
export type Hop = Parameters<BeforeRequestHook>[0];

/** Says why, where got does not: the cause of its `HTTPError` is an empty object, and got 14.0 gives none to the error of a hook. */
export function giveCause(hop: Hop, cause: unknown): void {
  // Before the hooks of the user, who may make another error of this one.
  hop.hooks.beforeError.unshift((error) => {
    if (error.options === hop && !(error.cause as Partial<Error> | undefined)?.message) error.cause = cause;
    return error;
  });
}
