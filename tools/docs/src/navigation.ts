/** A part of the site, in the order of reading. Pages are named by their paths below `docs/`, without the ending. */
export interface Part {
  /** What stands above its pages. */
  readonly title?: string;
  readonly pages: readonly string[];
  /** Whether a reader has to open it. */
  readonly isClosed?: boolean;
}

/** Every page of the documentation. The first one is what the address of the site shows. */
export const navigation: readonly Part[] = [
  { pages: ['start'] },
  {
    title: 'Clients',
    pages: ['clients/axios', 'clients/got', 'clients/ky', 'clients/fetch', 'clients/undici', 'clients/other-clients'],
  },
  { title: 'How it works', pages: ['life-of-a-token', 'after-a-401', 'where-a-token-may-go'] },
  {
    title: 'Getting tokens',
    pages: ['client-authentication', 'grants', 'custom-sources', 'token-requests', 'sdks'],
  },
  {
    title: 'In production',
    pages: ['fleets', 'runtimes', 'proxies', 'testing', 'observability', 'command-line', 'errors', 'security'],
  },
  {
    title: 'Identity servers',
    isClosed: true,
    pages: [
      'vendors/index',
      'vendors/cognito',
      'vendors/auth0',
      'vendors/duende',
      'vendors/entra',
      'vendors/google',
      'vendors/keycloak',
      'vendors/okta',
      'vendors/hydra',
      'vendors/paypal',
      'vendors/pingone',
      'vendors/salesforce',
      'vendors/xsuaa',
      'vendors/zoom',
    ],
  },
  {
    title: 'Migration',
    isClosed: true,
    pages: [
      'migration/index',
      'migration/axios-auth-refresh',
      'migration/axios-oauth-client',
      'migration/simple-oauth2',
      'migration/openid-client',
      'migration/badgateway-oauth2-client',
      'migration/hand-written-interceptor',
    ],
  },
  { title: 'Further', pages: ['architecture', 'examples'] },
];
