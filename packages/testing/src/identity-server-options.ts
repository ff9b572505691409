import type { Clock } from '@tokenline/core';
import type { ClientRegistration } from './oauth/client-registration.ts';

/** What {@link fakeIdentityServer} can be told. Durations are milliseconds. */
export interface FakeIdentityServerOptions {
  /** Its issuer, unless it listens: then its origin is one on loopback. @defaultValue `'https://login.example.com'` */
  readonly issuer?: string | URL | undefined;
  /**
   * The clients that it knows, by their identifiers, in the terms of RFC 7591.
   * @defaultValue only the one of {@link FakeIdentityServer.client}, which it knows in any case
   */
  readonly clients?: Readonly<Record<string, ClientRegistration>> | undefined;
  /** The scopes that it knows. @defaultValue `['orders.read', 'orders.write']` */
  readonly scopes?: readonly string[] | undefined;
  /** The resources and audiences that it knows, as absolute URIs. @defaultValue none: a request for one is refused */
  readonly resources?: readonly string[] | undefined;
  /** How many milliseconds its tokens live; told to the client in whole seconds. @defaultValue 3 600 000 (an hour) */
  readonly lifetime?: number | undefined;
  /** What its tokens look like: `token-1`, `token-2` and so on, or JWTs that it signs. @defaultValue `'opaque'` */
  readonly accessTokenFormat?: 'opaque' | 'jwt' | undefined;
  /** Its time: pass the clock of the source. @defaultValue `Date.now` */
  readonly clock?: Pick<Clock, 'now'> | undefined;
}
