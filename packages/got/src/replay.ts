import type { AuthorizedRequest } from '@tokenline/core/adapter';
import type { AfterResponseHook, BeforeRequestHook, RetryFunction } from 'got';
import { giveCause, type Hop } from './hop.ts';

/** An answer whose head has arrived. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly readableFlowing: boolean | null;
  on(event: 'data', listener: (chunk: { readonly length: number }) => void): void;
  destroy(): void;
}

/**
 * Makes got send a refused request once more, by means of got's own retry. For that one attempt, the user's hooks do not run
 * and none of the user's retries are spent.
 */
export function replay(
  answer: Answer,
  authorized: AuthorizedRequest,
  hop: Hop,
  sendWith: (authorized: AuthorizedRequest, hop: Hop) => void,
): void {
  const { statusCode: status, headers } = answer;
  // The caller may have read half of a stream already, and got could not start it anew. `hop` is none that can be sent again.
  const renewal = authorized.retry({ status, headers }, hop.isStream ? hop : hop.body);
  if (!renewal) return;
  const { hooks, retry } = hop;
  const own = { hooks: { ...hooks }, retry: { ...retry } };
  const giveBack = (to: Hop): void => {
    Object.assign(to.hooks, own.hooks);
    Object.assign(to.retry, own.retry);
  };
  // got itself ends an aborted request.
  const prepared = renewal
    .catch(() => {})
    .then((second) => {
      if (second) {
        const resume: BeforeRequestHook = (again) => {
          giveBack(again);
          sendWith(second, again);
        };
        hooks.beforeRequest = [resume];
        hooks.beforeRetry = [];
        cutOff(answer);
      } else {
        giveBack(hop);
        giveCause(hop, authorized.failure);
      }
      return second;
    });

  // Before the user's hooks, which then see the final answer only.
  const settle: AfterResponseHook = async (response, retryWithMergedOptions) =>
    (await prepared) ? retryWithMergedOptions({}) : response;
  // Called after `settle`, or after something else cut the refusal off, such as an upload that the API did not read.
  const delay: RetryFunction = async (failed) => {
    if (!(await prepared))
      return own.retry.enforceRetryRules && !failed.computedValue
        ? 0
        : (own.retry.calculateDelay as RetryFunction)(failed);
    // Otherwise got would count it among the retries that `limit` allows.
    failed.error.request!.retryCount--;
    return 1;
  };
  hooks.afterResponse = [settle, ...own.hooks.afterResponse];
  retry.calculateDelay = delay;
  // got 14.0 does not know it.
  if (retry.enforceRetryRules) retry.enforceRetryRules = false;
}

/** got reads a refusal to its end, which may never come: it gets a second, and a megabyte. */
function cutOff(answer: Answer): void {
  // Destroying an answer that has ended changes nothing.
  setTimeout(() => answer.destroy(), 1_000).unref();
  // Still unread while got waits for a cookie jar: a listener would read it, and got would then wait for an end that is past.
  if (answer.readableFlowing === null) return;
  let size = 0;
  answer.on('data', ({ length }) => {
    size += length;
    if (size > 1_048_576) answer.destroy();
  });
}
