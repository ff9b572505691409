import type { Readable } from 'node:stream';
import type { AuthorizedRequest, Authorizer } from '@tokenline/core/adapter';
import type { Dispatcher } from 'undici';
import { Attempt } from './attempt.ts';
import { Exchange } from './exchange.ts';
import { readable, withHeaders } from './headers.ts';

/** What all requests of one dispatcher share. */
export interface Attachment {
  readonly authorizer: Authorizer;
  readonly dispatch: Dispatcher.Dispatch;
  /** The one origin of the dispatcher, wherever a request says that it goes. */
  readonly base: string | undefined;
  /** The requests that may still need a token. */
  readonly undecided: Exchange[];
}

/** Sends a request with a token, if it may have one, and once more if the answer deserves that. */
export function send(
  { authorizer, dispatch, base, undecided }: Attachment,
  request: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler,
): boolean {
  // undici has nobody to tell of a failure then, and throws.
  if (!request?.path || typeof handler?.onRequestStart !== 'function' || typeof handler.onResponseError !== 'function')
    return dispatch(request, handler);
  const headers = readable(request.headers);
  const origin = request.origin instanceof URL ? request.origin.origin : request.origin;
  const { signal } = request as { readonly signal?: unknown };
  const pending = authorizer.authorize({
    // The path begins with a slash, too.
    url: (base ?? String(origin).replace(/\/$/, '')) + request.path,
    method: request.method,
    // undici also takes event emitters for signals: those it looks at when the request starts.
    signal: signal instanceof AbortSignal ? signal : undefined,
    headers: typeof headers === 'object' ? headers : undefined,
  });
  if (pending === undefined) return dispatch(Array.isArray(headers) ? { ...request, headers } : request, handler);
  // Copied, because the caller may change them while the token is waited for.
  const options = { ...request, ...(origin && { origin }), headers: withHeaders(headers, {}) };
  const exchange = new Exchange(options, handler, undecided);

  const attempt = (authorized: AuthorizedRequest): void => {
    if (exchange.over) return;
    const { errored } = (exchange.options.body ?? {}) as Partial<Readable>;
    if (errored) return exchange.fail(errored);
    // A redirect interceptor below would take the proof along to another URL.
    const bound = authorized.hasProof && { maxRedirections: 0 };
    const carrying = {
      ...exchange.options,
      headers: withHeaders(exchange.options.headers, authorized.headers),
      ...bound,
    };
    try {
      dispatch(carrying, new Attempt(exchange, authorized, attempt));
    } catch (error) {
      exchange.fail(error);
    }
  };
  pending.then(attempt, (error: unknown) => exchange.fail(error));
  return true;
}
