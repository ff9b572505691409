import { type Attempt, type Authorizer, canSendAgain } from '@tokenline/core';
import type { Dispatcher } from 'undici';
import { withHeaders } from './headers.ts';
import { ReplayHandler } from './replay-handler.ts';

/** Dispatches a request with a token where it may have one, and once more where its answer deserves that. */
export function authorize(
  authorizer: Authorizer,
  base: string | undefined,
  dispatch: Dispatcher.Dispatch,
  request: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler,
): boolean {
  const { method, headers, body } = request;
  const signal: unknown = (request as { signal?: unknown }).signal;
  const authorized = authorizer.authorize({
    url: `${String(request.origin ?? base)}${request.path}`,
    method,
    // undici takes event emitters for signals too; those are looked at when the request starts.
    signal: signal instanceof AbortSignal ? signal : undefined,
    headers,
  });
  if (authorized === undefined) return dispatch(request, handler);
  // As it is now: who dispatches may change it while a token is waited for.
  const own = { ...request, headers: headers ? withHeaders(headers, {}) : null };
  const fail = (error: unknown): void => handler.onResponseError?.(null as never, error as Error);
  const send = (attempt: Attempt): void => {
    // A redirect interceptor below would take the proof along to another URL.
    const bound = attempt.bound && { maxRedirections: 0 };
    try {
      dispatch(
        { ...own, headers: withHeaders(own.headers, attempt.headers), ...bound },
        new ReplayHandler(handler, attempt, canSendAgain(body), send),
      );
    } catch (error) {
      fail(error);
    }
  };
  authorized.then(send, fail);
  return true;
}
