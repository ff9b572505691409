import type { BearerAuthOptions, BearerAuthRequest, TokenSource } from '@tokenline/core';
import { Authorizer, ownValue, wrongClient } from '@tokenline/core/adapter';
import type { BeforeRedirectHook, BeforeRequestHook, Got } from 'got';
import { giveCause } from './hop.ts';
import { sendWith } from './send.ts';

/** The fields of `context` that {@link bearerAuth} reads. got types it as a record of unknowns: check yours by `satisfies BearerAuthContext`. */
export interface BearerAuthContext {
  /**
   * `false` sends this request without a token, `{ scope: 'orders.write' }` with a token for that scope; `{ refused }` says
   * which answers refuse the token.
   * @defaultValue the token of the source
   */
  readonly bearerAuth?: BearerAuthRequest | undefined;
}

/**
 * Extends a got instance so that its requests to its base URL carry a valid token. A 401 that another token can put right is
 * answered with one, once. For a single request, pass `context: { bearerAuth: false }` to send no token, or
 * `context: { bearerAuth: { scope: 'orders.write' } }` to send another one.
 *
 * @param source - where the tokens come from: `createTokenSource` makes one.
 * @param options - `origins` for an instance without a `prefixUrl`, or for more origins than its own; `refused`, `scheme` and `replace`.
 * @returns an extended instance; the one that you pass does not change. When no token can be acquired, its requests reject
 * with a `RequestError`, whose `cause` is the `TokenError`.
 * @throws TypeError (`ERR_INVALID_OPTION`) when there is no got instance, no source or no origin, or an option is
 * malformed or does not exist.
 * @example
 * ```ts
 * const api = bearerAuth(got.extend({ prefixUrl: 'https://api.example.com' }), source);
 * const orders = await api('orders').json();
 * ```
 */
export function bearerAuth<Client extends Got>(
  client: Client,
  source: TokenSource,
  options?: BearerAuthOptions,
): Client {
  if (!client?.extend || !client.defaults?.options) throw wrongClient('a got instance');
  const authorizer = new Authorizer(source, client.defaults.options.prefixUrl, options);
  const led = new WeakSet<object>();
  // Whoever gets no token does not decide either where it goes next.
  const follow: BeforeRedirectHook = (hop, { redirectUrls, requestUrl }) => {
    if (![requestUrl, ...redirectUrls.slice(0, -1)].every((url) => authorizer.allows(String(url)))) led.add(hop);
  };
  // Runs for every redirect and every retry.
  const authorize: BeforeRequestHook = async (hop) => {
    // Attached twice: the token is there already.
    if (Object.hasOwn(hop, 'getRequestFunction') || led.has(hop)) return;
    try {
      const authorized = await authorizer.authorize({
        url: String(hop.url),
        method: hop.method,
        signal: hop.signal,
        // A proxy, which is slow to enumerate; its names are in lower case.
        headers: { authorization: hop.headers['authorization'] },
        bearerAuth: ownValue(hop.context as BearerAuthContext, 'bearerAuth'),
      });
      if (authorized) sendWith(authorized, hop);
    } catch (error) {
      giveCause(hop, error);
      throw error;
    }
  };
  return client.extend({
    hooks: { beforeRequest: [authorize], beforeRedirect: [follow] },
    // got 14 and 15 forget it.
    mutableDefaults: client.defaults.mutableDefaults,
  }) as unknown as Client;
}
