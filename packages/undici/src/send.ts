import type { AuthorizedRequest, Authorizer } from '@tokenline/core/adapter';
import type { Dispatcher } from 'undici';
import { withHeaders } from './headers.ts';
import { ReplayHandler } from './replay-handler.ts';

/** Sends a request with a token, if it may have one, and once more if the answer deserves that. */
export function send(
  authorizer: Authorizer,
  dispatch: Dispatcher.Dispatch,
  base: string | undefined,
  request: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler,
): boolean {
  const { method, headers, body } = request;
  const signal: unknown = (request as { signal?: unknown }).signal;
  const pending = authorizer.authorize({
    url: `${String(request.origin ?? base)}${request.path}`,
    method,
    // undici also takes event emitters for signals; it looks at them when the request starts.
    signal: signal instanceof AbortSignal ? signal : undefined,
    headers,
  });
  if (pending === undefined) return dispatch(request, handler);
  // Copied at the call: the caller may change it while the token is waited for.
  const own = { ...request, headers: headers ? withHeaders(headers, {}) : null };
  const fail = (error: unknown): void => handler.onResponseError?.(null as never, error as Error);

  const sendWith = (authorized: AuthorizedRequest): void => {
    // A redirect interceptor below would take the proof along to another URL.
    const bound = authorized.hasProof && { maxRedirections: 0 };
    const carrying = { ...own, headers: withHeaders(own.headers, authorized.headers), ...bound };
    try {
      dispatch(carrying, new ReplayHandler(handler, authorized, body, sendWith));
    } catch (error) {
      fail(error);
    }
  };
  pending.then(sendWith, fail);
  return true;
}
