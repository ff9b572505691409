import { type Attempt, canSendAgain } from '@tokenline/core';
import type { AfterResponseHook, BeforeRequestHook, RetryFunction } from 'got';
import { giveCause, type Hop } from './hop.ts';

/** An answer whose head has arrived. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly readableEnded: boolean;
  readonly readableFlowing: boolean | null;
  on(event: 'data', listener: (chunk: { readonly length: number }) => void): void;
  destroy(): void;
}

/**
 * Has got send a refused request once more, by its own way of retrying: that is lent for one attempt, in which none of the
 * user's hooks run and none of the user's retries are spent.
 */
export function replay(answer: Answer, attempt: Attempt, hop: Hop, carry: (attempt: Attempt, hop: Hop) => void): void {
  if (!attempt.concerns(answer.statusCode)) return;
  const { statusCode: status, headers } = answer;
  // Half of a stream may have been read already, and got gives it nothing to start anew with.
  const renewal = attempt.retry({ status, headers }, !hop.isStream && canSendAgain(hop.body));
  if (!renewal) return;
  const { hooks, retry } = hop;
  const own = { hooks: { ...hooks }, retry: { ...retry } };
  const giveBack = (to: Hop): void => {
    Object.assign(to.hooks, own.hooks);
    Object.assign(to.retry, own.retry);
  };
  // An aborted request is ended by got itself.
  const prepared = renewal
    .catch(() => {})
    .then((second) => {
      if (second) {
        const resume: BeforeRequestHook = (again) => {
          giveBack(again);
          carry(second, again);
        };
        hooks.beforeRequest = [resume];
        hooks.beforeRetry = [];
        if (!answer.readableEnded) cutOff(answer);
      } else {
        giveBack(hop);
        giveCause(hop, attempt.failure);
      }
      return second;
    });

  // Before the hooks of the user, who then see the final answer only.
  const settle: AfterResponseHook = async (response, retryWithMergedOptions) =>
    (await prepared) ? retryWithMergedOptions({}) : response;
  // Asked after `settle`, and after whatever else cut the refusal off, such as an upload that the API did not read.
  const delay: RetryFunction = async (failed) => {
    if (!(await prepared))
      return own.retry.enforceRetryRules && !failed.computedValue ? 0 : (own.retry.calculateDelay?.(failed) ?? 0);
    // got would count it among the retries that `limit` allows.
    failed.error.request!.retryCount--;
    return 1;
  };
  hooks.afterResponse = [settle, ...own.hooks.afterResponse];
  retry.calculateDelay = delay;
  // got 14.0 does not know it.
  if (retry.enforceRetryRules) retry.enforceRetryRules = false;
}

/** got reads a refusal to its end, which may never come: a second is enough, and a megabyte. */
function cutOff(answer: Answer): void {
  // To destroy what has come to its end changes nothing.
  setTimeout(() => answer.destroy(), 1_000).unref();
  // Still unread while got waits for a cookie jar: to listen would be to read it, and got would wait for an end that is past.
  if (answer.readableFlowing === null) return;
  let size = 0;
  answer.on('data', ({ length }) => {
    size += length;
    if (size > 1_048_576) answer.destroy();
  });
}
