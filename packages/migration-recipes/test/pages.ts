import type { Registrations } from '@tokenline/adapter-tests';

/** How a page is run. */
interface Run {
  /** How many of {@link herd} requests fail, before, because of the 401 of another one. */
  readonly lost?: number;
  /** How the client that the page is about authenticates. */
  readonly registrations?: Registrations;
  /** What the code before says in another way, since the servers of the test speak plain http. */
  readonly changes?: Readonly<Record<string, string>>;
}

const inHeader: Registrations = {
  orders: { client_secret: 's3cret-basic', token_endpoint_auth_method: 'client_secret_basic' },
};

/** The pages, by the names of their files. */
export const pages: Readonly<Record<string, Run>> = {
  'axios-auth-refresh': { lost: 19 },
  'axios-oauth-client': {},
  'badgateway-oauth2-client': { registrations: inHeader },
  'hand-written-interceptor': {},
  'openid-client': {
    changes: {
      'process.env.CLIENT_SECRET);':
        'process.env.CLIENT_SECRET, undefined, { execute: [client.allowInsecureRequests] });',
    },
  },
  'simple-oauth2': { registrations: inHeader },
};
