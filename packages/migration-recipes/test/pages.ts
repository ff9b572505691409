import type { Registrations } from '@tokenline/adapter-tests';

/** How a page is run. */
interface Run {
  /** How many requests of a herd fail with their 401, before, while another one of them renews the token. */
  readonly lost?: number;
  /** Whether tokenline attaches the tokens after the first step already. */
  readonly attaches?: boolean;
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
  'badgateway-oauth2-client': { attaches: true, registrations: inHeader },
  'hand-written-interceptor': {},
  'openid-client': {
    attaches: true,
    changes: {
      'process.env.CLIENT_SECRET);':
        'process.env.CLIENT_SECRET, undefined, { execute: [client.allowInsecureRequests] });',
    },
  },
  'simple-oauth2': { attaches: true, registrations: inHeader },
};
