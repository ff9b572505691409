import { type Answer, isBasic, issued, metadata, oidc, refused, type Received, type Reply, tokens } from './servers.ts';

/** What a page of the docs names that can go wrong, and the finding of `doctor` that tells. */
export interface Misconfiguration {
  /** The page in docs/vendors, without its ending. */
  readonly page: string;
  readonly what: string;
  readonly answer: Answer;
  readonly args?: readonly string[];
  /** Answers to the token, where the API is asked. */
  readonly api?: (request: Received) => Reply;
  /** The path of the issuer. */
  readonly path?: string;
  /** Whether the token endpoint is given, in place of the issuer. */
  readonly isEndpoint?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly finds: readonly string[];
  /** A part of the text. */
  readonly says?: string | RegExp;
}

const always = (reply: Reply): Answer => tokens(() => reply);
const jwt = (claims: object): string =>
  [{ alg: 'ES256', kid: '1', typ: 'at+jwt' }, { iss: 'https://login.example.com', ...claims }, {}]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
const now = Math.floor(Date.now() / 1_000);
const basicOnly = (other: Reply): Answer => tokens((request) => (isBasic(request) ? issued() : other));
const both = { token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'] };

export const misconfigurations: readonly Misconfiguration[] = [
  {
    page: 'auth0',
    what: 'no audience: the token is opaque',
    answer: always(issued()),
    finds: ['opaque'],
    says: '--audience',
  },
  {
    page: 'auth0',
    what: 'a wrong secret is access_denied',
    answer: always(refused('access_denied', 'Unauthorized', 401)),
    finds: ['client-refused'],
  },
  {
    page: 'auth0',
    what: 'no grant for the API',
    answer: always(refused('access_denied', 'Client has not been granted scopes for https://api.example.com', 403)),
    finds: ['client-not-allowed'],
  },
  {
    page: 'auth0',
    what: 'an application without client credentials',
    answer: always(refused('unauthorized_client', 'Grant type not allowed for the client.', 403)),
    finds: ['client-not-allowed'],
  },
  {
    page: 'auth0',
    what: 'the quota is used up',
    answer: always({ status: 429, headers: { 'retry-after': '30' }, body: { error: 'too_many_requests' } }),
    finds: ['rate-limit'],
    says: 'retry-after: 30',
  },
  {
    page: 'auth0',
    what: 'an algorithm that is not registered',
    answer: tokens(() => refused('invalid_client', undefined, 401), {
      token_endpoint_auth_signing_alg_values_supported: ['RS256'],
    }),
    args: ['--key', 'env:KEY', '--alg', 'ES256'],
    finds: ['algorithm', 'client-refused'],
  },
  {
    page: 'cognito',
    what: 'a pool without a domain',
    answer: tokens(() => issued(), { token_endpoint: 'https://orders.auth.example.invalid/oauth2/token' }),
    finds: ['dns', 'unreachable'],
  },
  {
    page: 'cognito',
    what: 'a client without AllowedOAuthFlowsUserPoolClient',
    answer: always(refused('invalid_grant')),
    finds: ['grant-refused'],
  },
  {
    page: 'cognito',
    what: 'a client without scopes',
    answer: always(refused('invalid_scope')),
    finds: ['scope-refused'],
  },
  {
    page: 'cognito',
    what: 'an audience, which is no parameter',
    answer: always(issued({ access_token: jwt({ exp: now + 3600, iat: now, scope: 'orders/read' }) })),
    args: ['--audience', 'https://api.example.com'],
    finds: ['audience-ignored'],
  },
  {
    page: 'duende',
    what: 'an assertion for the issuer, where the token endpoint is wanted',
    answer: tokens(({ form }) => {
      const [, claims = ''] = (form.get('client_assertion') ?? '').split('.');
      const { aud } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { aud: string };
      return aud.endsWith('/token') ? issued() : refused('invalid_client');
    }),
    args: ['--key', 'env:KEY'],
    finds: ['client-refused', 'variant'],
    says: "audience: 'token_endpoint'",
  },
  {
    page: 'duende',
    what: 'a certificate that is missing or not trusted (IdentityServer4)',
    answer: always({ status: 403 }),
    args: ['--auth', 'tls_client_auth'],
    finds: ['gateway', 'mtls'],
    says: 'client certificate',
  },
  {
    page: 'duende',
    what: 'an error without a description',
    answer: always(refused('invalid_client')),
    finds: ['client-refused'],
    says: 'the log of the server has the reason',
  },
  { page: 'duende', what: 'an unknown scope', answer: always(refused('invalid_scope')), finds: ['scope-refused'] },
  {
    page: 'duende',
    what: 'a client without this grant',
    answer: always(refused('unauthorized_client')),
    finds: ['client-not-allowed'],
  },
  {
    page: 'entra',
    what: 'an issuer with a domain name',
    path: '/contoso.onmicrosoft.com/v2.0',
    answer: ({ path }, origin) =>
      path.endsWith(oidc) ? metadata(`${origin}/8f3a/v2.0`, { token_endpoint: `${origin}/token` }) : issued(),
    finds: ['issuer-mismatch', 'other-issuer'],
    says: '/8f3a/v2.0',
  },
  {
    page: 'entra',
    what: '`common`, whose metadata has a placeholder',
    path: '/common/v2.0',
    answer: (_, origin) => metadata(`${origin}/{tenantid}/v2.0`),
    finds: ['issuer-mismatch'],
    says: 'give tokenEndpoint instead of issuer',
  },
  {
    page: 'entra',
    what: 'Azure AD B2C, whose issuer is not below the policy',
    path: '/tenant/policy/v2.0',
    answer: ({ path }, origin) => (path.startsWith('/tenant/policy') ? metadata(`${origin}/8f3a/v2.0/`) : undefined),
    finds: ['issuer-mismatch'],
  },
  {
    page: 'entra',
    what: 'a scope that is not /.default',
    answer: always(refused('invalid_scope', 'AADSTS1002012: The provided value for scope orders.read is not valid.')),
    args: ['--scope', 'orders.read'],
    finds: ['scope-refused'],
    says: 'explains AADSTS1002012',
  },
  {
    page: 'entra',
    what: 'a wrong secret',
    answer: always(refused('invalid_client', 'AADSTS7000215: Invalid client secret provided.', 401)),
    finds: ['client-refused'],
    says: 'explains AADSTS7000215',
  },
  {
    page: 'entra',
    what: 'an application that this tenant does not know',
    answer: always(refused('unauthorized_client', 'AADSTS700016: Application was not found in the directory.')),
    finds: ['client-not-allowed'],
  },
  {
    page: 'google',
    what: 'a client identifier beside the assertion',
    answer: tokens(({ form }) =>
      form.has('client_id')
        ? refused('invalid_request', 'Parameter not allowed for this message type: client_id')
        : issued(),
    ),
    args: ['--grant', 'jwt-bearer', '--grant-parameter', 'assertion=env:ASSERTION', '--auth', 'none'],
    finds: ['client-id-unwanted', 'variant'],
    says: 'it works with no clientId',
  },
  {
    page: 'google',
    what: 'the clock of this machine is wrong',
    answer: always({
      ...refused('invalid_grant', 'Invalid JWT: Token must be a short-lived token (60 minutes)'),
      headers: { date: new Date(Date.now() + 3 * 3_600_000).toUTCString() },
    }),
    args: ['--grant', 'jwt-bearer', '--grant-parameter', 'assertion=env:ASSERTION', '--auth', 'none'],
    finds: ['clock', 'clock-skew'],
    says: /clock of this machine is [23] hours.* behind/,
  },
  {
    page: 'google',
    what: 'a key that is no longer one of the account',
    answer: always(refused('invalid_grant', 'Invalid JWT Signature.')),
    args: ['--grant', 'jwt-bearer', '--grant-parameter', 'assertion=env:ASSERTION', '--auth', 'none'],
    finds: ['grant-refused'],
  },
  {
    page: 'google',
    what: 'no delegation',
    answer: always(refused('unauthorized_client', 'Client is unauthorized to retrieve access tokens', 401)),
    finds: ['client-refused'],
  },
  { page: 'google', what: 'a deleted account', answer: always(refused('deleted_client')), finds: ['client-refused'] },
  {
    page: 'hydra',
    what: 'an issuer without the slash at its end',
    path: '/hydra',
    answer: ({ path }, origin) =>
      path === `/hydra${oidc}` ? metadata(`${origin}/hydra/`, { token_endpoint: `${origin}/token` }) : issued(),
    finds: ['issuer-mismatch', 'other-issuer'],
    says: "/hydra/'; it is used from here on",
  },
  {
    page: 'hydra',
    what: 'the admin port, which has no metadata',
    answer: () => undefined,
    finds: ['no-metadata'],
  },
  {
    page: 'hydra',
    what: 'a client that is registered for the header, where all methods are offered',
    answer: tokens((request) => (isBasic(request) ? issued() : refused('invalid_client', undefined, 401)), both),
    finds: ['method-unset'],
    says: "clientAuthentication: 'client_secret_basic',",
  },
  {
    page: 'hydra',
    what: 'another method than the registered one is named',
    answer: basicOnly(
      refused(
        'invalid_client',
        "The OAuth 2.0 Client supports client authentication method 'client_secret_basic'",
        401,
      ),
    ),
    args: ['--auth', 'client_secret_post'],
    finds: ['method-refused', 'variant'],
    says: 'it works with client_secret_basic',
  },
  { page: 'hydra', what: 'no scope was asked for', answer: always(issued({ scope: '' })), finds: ['no-scope'] },
  {
    page: 'hydra',
    what: 'an audience that the client is not allowed',
    answer: always(refused('invalid_request', "Requested audience 'x' has not been whitelisted")),
    args: ['--audience', 'x'],
    finds: ['request-refused'],
  },
  {
    page: 'hydra',
    what: 'a resource, which is not read',
    answer: always(issued({ access_token: jwt({ exp: now + 3600, iat: now, aud: [] }) })),
    args: ['--resource', 'https://api.example.com'],
    finds: ['audience-ignored'],
  },
  {
    page: 'keycloak',
    what: 'the path of versions before 17',
    path: '/realms/shop',
    answer: ({ path }, origin) =>
      path === `/auth/realms/shop${oidc}`
        ? metadata(`${origin}/auth/realms/shop`, { token_endpoint: `${origin}/token` })
        : path === '/token'
          ? issued()
          : undefined,
    finds: ['no-metadata', 'other-issuer'],
    says: '/auth/realms/shop',
  },
  {
    page: 'keycloak',
    what: 'a slow clock',
    answer: always({
      ...refused('invalid_client', 'Token expired: exp is in the past', 401),
      headers: { date: new Date(Date.now() + 90_000).toUTCString() },
    }),
    args: ['--key', 'env:KEY'],
    finds: ['clock', 'clock-skew'],
  },
  {
    page: 'keycloak',
    what: 'a wrong secret is unauthorized_client',
    answer: always(refused('unauthorized_client', 'Invalid client or Invalid client credentials', 401)),
    finds: ['client-refused'],
  },
  {
    page: 'keycloak',
    what: 'a client without service accounts',
    answer: always(refused('unauthorized_client', 'Client not enabled to retrieve service account', 401)),
    finds: ['service-account'],
  },
  {
    page: 'keycloak',
    what: 'an authenticator that is a JWT signed with the secret',
    answer: tokens(({ form }) =>
      form.has('client_assertion') ? issued() : refused('unauthorized_client', undefined, 401),
    ),
    finds: ['client-refused', 'variant'],
    says: "clientAuthentication: 'client_secret_jwt'",
  },
  {
    page: 'keycloak',
    what: 'an audience, which is no parameter of client credentials',
    answer: always(issued({ access_token: jwt({ exp: now + 300, iat: now, aud: 'account' }), expires_in: 300 })),
    args: ['--audience', 'orders-api'],
    finds: ['audience-ignored'],
    says: 'the token is for account, not for orders-api',
  },
  {
    page: 'okta',
    what: 'custom scopes at the org server',
    answer: tokens(() => refused('invalid_scope'), { scopes_supported: ['okta.users.read'] }),
    args: ['--scope', 'orders.read'],
    finds: ['scope', 'scope-refused'],
  },
  {
    page: 'okta',
    what: 'no scope, which is required',
    answer: always(
      refused('invalid_scope', 'The authorization server resource does not have any configured default scopes.'),
    ),
    finds: ['scope-refused'],
  },
  {
    page: 'okta',
    what: 'DPoP is required',
    answer: tokens(({ headers }) =>
      headers['dpop']
        ? issued({ token_type: 'DPoP' })
        : refused('invalid_dpop_proof', 'The DPoP proof JWT header is missing.'),
    ),
    finds: ['dpop-required', 'variant'],
    says: 'dpop: proofKey(),',
  },
  {
    page: 'okta',
    what: 'a secret, where only a private key is accepted',
    answer: tokens(
      () =>
        refused(
          'invalid_client',
          'Client Credentials requests to the Org Authorization Server must use the private_key_jwt token_endpoint_auth_method.',
          401,
        ),
      {
        token_endpoint_auth_methods_supported: ['private_key_jwt'],
      },
    ),
    finds: ['method-refused'],
    says: 'the server offers private_key_jwt',
  },
  {
    page: 'okta',
    what: 'an unknown client',
    answer: always({
      status: 401,
      body: { errorCode: 'invalid_client', errorSummary: 'Invalid value for client_id.' },
    }),
    finds: ['gateway'],
    says: 'Invalid value for client_id',
  },
  {
    page: 'okta',
    what: 'an unknown authorization server',
    answer: () => ({ status: 404, body: { errorCode: 'E0000007', errorSummary: 'Not found: Resource not found' } }),
    path: '/oauth2/nowhere',
    finds: ['no-metadata'],
  },
  {
    page: 'okta',
    what: 'the rate limit',
    answer: always({ status: 429, body: { errorCode: 'E0000047', errorSummary: 'API call exceeded rate limit' } }),
    finds: ['rate-limit'],
    says: 'E0000047',
  },
  {
    page: 'paypal',
    what: 'the metadata of another host',
    answer: (_, origin) => metadata('https://www.paypal.example', { token_endpoint: `${origin}/token` }),
    finds: ['issuer-mismatch'],
  },
  {
    page: 'paypal',
    what: 'the secret in the form',
    answer: basicOnly(refused('invalid_request', 'Both client id and client secret are required parameters')),
    finds: ['secret-in-header', 'variant'],
    says: "clientAuthentication: 'client_secret_basic'",
  },
  {
    page: 'paypal',
    what: 'credentials of the sandbox in production',
    answer: always(refused('invalid_client', 'Client Authentication failed', 401)),
    finds: ['client-refused'],
  },
  {
    page: 'paypal',
    what: 'the rate limit',
    answer: always({ status: 429, body: { name: 'RATE_LIMIT_REACHED', message: 'Too many requests.' } }),
    finds: ['rate-limit'],
    says: 'RATE_LIMIT_REACHED',
  },
  {
    page: 'paypal',
    what: 'the same token again',
    answer: always(issued()),
    finds: ['same-token'],
  },
  {
    page: 'pingone',
    what: 'an issuer without /as',
    path: '/8f3a',
    answer: ({ path }, origin) =>
      path === `/8f3a/as${oidc}`
        ? metadata(`${origin}/8f3a/as`, { token_endpoint: `${origin}/token` })
        : path === '/token'
          ? issued()
          : undefined,
    finds: ['no-metadata', 'other-issuer'],
    says: '/8f3a/as',
  },
  {
    page: 'pingone',
    what: 'a wrong method',
    answer: basicOnly(refused('invalid_client', 'Request denied: Unsupported authentication method', 401)),
    args: ['--auth', 'client_secret_post'],
    finds: ['method-refused', 'variant'],
  },
  {
    page: 'pingone',
    what: 'scopes of several resources',
    answer: always(refused('invalid_scope', 'May not request scopes for multiple resources')),
    finds: ['scope-refused'],
    says: 'scopes of several APIs may need a token each',
  },
  {
    page: 'salesforce',
    what: 'a login host in place of My Domain',
    answer: always(refused('invalid_grant', 'request not supported on this domain')),
    finds: ['other-domain'],
  },
  {
    page: 'salesforce',
    what: 'no expires_in',
    answer: always(issued({ expires_in: undefined })),
    finds: ['no-lifetime'],
    says: 'assumedLifetime',
  },
  {
    page: 'salesforce',
    what: 'a wrong consumer key',
    answer: always(refused('invalid_client_id', 'client identifier invalid')),
    finds: ['client-refused'],
  },
  {
    page: 'salesforce',
    what: 'no user for the flow',
    answer: always(refused('invalid_grant', 'no client credentials user enabled')),
    finds: ['service-account'],
  },
  {
    page: 'salesforce',
    what: 'no scope that fits the flow',
    answer: always(refused('invalid_grant', 'no valid scopes defined')),
    finds: ['service-account'],
  },
  {
    page: 'salesforce',
    what: 'a user who may not use the REST API',
    answer: tokens(({ earlier }) => issued({ access_token: `00D.${earlier}.session` })),
    api: () => ({
      status: 401,
      body: [{ errorCode: 'INVALID_SESSION_ID', message: 'This session is not valid for use with the REST API' }],
    }),
    finds: ['api-refused'],
    says: 'not valid for use with the REST API',
  },
  {
    page: 'xsuaa',
    what: 'the url of the binding as issuer',
    answer: (_, origin) =>
      metadata('http://localhost:8080/uaa/oauth/token', { token_endpoint: `${origin}/oauth/token` }),
    finds: ['issuer-mismatch'],
    says: 'give tokenEndpoint instead',
  },
  {
    page: 'xsuaa',
    what: 'a wrong secret is unauthorized',
    answer: always(refused('unauthorized', 'Bad credentials', 401)),
    isEndpoint: true,
    finds: ['client-refused'],
  },
  {
    page: 'zoom',
    what: 'client credentials in place of account credentials',
    answer: tokens(({ earlier }) => issued({ access_token: `zoom-token-${earlier}` })),
    isEndpoint: true,
    api: () => ({ status: 400, body: { code: 124, message: 'Invalid api key or secret.' } }),
    finds: ['api-grant'],
  },
  {
    page: 'zoom',
    what: 'an app of another kind',
    answer: always({ status: 400, body: { error: 'unsupported_grant_type', reason: 'unsupported grant type' } }),
    isEndpoint: true,
    finds: ['grant-unknown'],
  },
  {
    page: 'zoom',
    what: 'an account that does not exist',
    answer: always({ status: 400, body: { error: 'invalid_request', reason: 'Account does not exist' } }),
    isEndpoint: true,
    finds: ['request-refused'],
    says: 'Account does not exist',
  },
  { page: 'zoom', what: 'discovery, of which there is none', answer: () => undefined, finds: ['no-metadata'] },
  {
    page: 'zoom',
    what: 'a missing scope of the app',
    answer: tokens(({ earlier }) => issued({ access_token: `zoom-token-${earlier}` })),
    api: () => ({
      status: 400,
      body: { code: 4711, message: 'Invalid access token, does not contain scopes:[user:read].' },
    }),
    finds: ['api-status'],
    says: 'does not contain scopes',
  },
  {
    page: 'zoom',
    what: 'a new token ends the one before',
    answer: tokens(({ earlier }) => issued({ access_token: `zoom-token-${earlier}` })),
    api: ({ headers }) => (headers.authorization === 'Bearer zoom-token-1' ? { body: {} } : { status: 401 }),
    finds: ['one-token'],
  },
  {
    page: 'token-requests',
    what: 'a gateway that wants a header',
    answer: always({ status: 401, body: { message: 'No API key found in request' } }),
    isEndpoint: true,
    finds: ['gateway'],
    says: 'No API key found',
  },
  {
    page: 'token-requests',
    what: 'a server that wants JSON',
    answer: always({ status: 415, body: { message: 'Unsupported Media Type' } }),
    isEndpoint: true,
    finds: ['json-wanted'],
  },
  {
    page: 'token-requests',
    what: 'a nested answer',
    answer: always({ body: { data: { access_token: 'a-nested-token-that-nobody-may-see' } } }),
    isEndpoint: true,
    finds: ['no-token'],
    says: 'inside another object',
  },
  {
    page: 'proxies',
    what: 'a proxy in the environment that Node does not use',
    answer: always(issued()),
    env: { HTTPS_PROXY: 'http://user:proxy-password@proxy.example.com:3128' },
    finds: ['proxy-unused'],
  },
  {
    page: 'custom-sources',
    what: 'an API that is not OAuth at the address of the token endpoint',
    answer: always({
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<html><title>Sign in</title></html>',
    }),
    isEndpoint: true,
    finds: ['no-token'],
  },
];
