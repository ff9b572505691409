import type { TokenErrorCode } from '@tokenline/core';

/** A failed token request. */
export interface Failure {
  readonly error: string | undefined;
  readonly status: number | undefined;
  readonly code: TokenErrorCode;
  /** What the server and the runtime said. */
  readonly text: string;
}

/** What a failure is called, and what to do about it. */
export interface Advice {
  readonly id: string;
  readonly when: (failure: Failure) => boolean;
  readonly advice: string;
}

const says =
  (pattern: RegExp) =>
  ({ text }: Failure): boolean =>
    pattern.test(text);
const isError =
  (...errors: readonly string[]) =>
  ({ error }: Failure): boolean =>
    error !== undefined && errors.includes(error);

/** From the special to the general: the first that fits counts. */
export const knownFailures: readonly Advice[] = [
  {
    id: 'clock',
    when: says(/short-lived token|\bexp\b.*(past|expired)|\bi(at|ssued at)\b.*future|clock/i),
    advice: 'set the clock of this machine: the assertion is valid for a minute by its clock',
  },
  {
    id: 'dpop-required',
    when: (failure) => isError('invalid_dpop_proof')(failure) || says(/dpop proof.*missing/i)(failure),
    advice: 'the server wants tokens that are bound to a key: dpop: proofKey(); or switch that off for this client',
  },
  {
    id: 'client-id-unwanted',
    when: says(/parameter not allowed.*client_id/i),
    advice: 'leave out clientId: the grant says who the client is',
  },
  {
    id: 'other-domain',
    when: says(/not supported on this domain/i),
    advice: 'use the host of your own domain (My Domain), not a login host that all share',
  },
  {
    id: 'secret-in-header',
    when: says(/client.?id and client.?secret are required/i),
    advice: `the server reads the secret in the header only: clientAuthentication: 'client_secret_basic'`,
  },
  {
    id: 'method-refused',
    when: ({ error, text }) =>
      error !== undefined && /authentication method|client_secret_(post|basic)|private_key_jwt/i.test(text),
    advice: 'set clientAuthentication to the method that the client is registered with',
  },
  {
    id: 'service-account',
    when: says(/service.?account|client credentials user|no valid scopes|not enabled to retrieve/i),
    advice:
      'the client exists, and its grant is not set up: enable its service account, its user or its scopes at the server',
  },
  {
    id: 'json-wanted',
    when: (failure) =>
      failure.status === 415 || says(/application\/json|content.?type|malformed json|invalid json/i)(failure),
    advice: 'the server wants JSON: docs/token-requests.md has a fetch for a JSON body',
  },
  {
    id: 'scope-refused',
    when: isError('invalid_scope'),
    advice:
      'check the spelling, and what the client may ask for; scopes of several APIs may need a token each; some servers want a scope in any case, others want none, or /.default',
  },
  {
    id: 'resource-refused',
    when: isError('invalid_target'),
    advice: 'the server does not know this resource or audience, or the client may not use it',
  },
  {
    id: 'grant-unknown',
    when: isError('unsupported_grant_type'),
    advice: 'the server, or this kind of client, has another grant: --grant',
  },
  {
    id: 'grant-refused',
    when: isError('invalid_grant'),
    advice: 'what the grant presents is wrong, expired or used already; or the client is not allowed to use it',
  },
  {
    id: 'client-refused',
    when: (failure) =>
      isError('invalid_client', 'invalid_client_id', 'unauthorized', 'deleted_client', 'disabled_client')(failure) ||
      (failure.code === 'ERR_OAUTH_RESPONSE' && failure.status === 401),
    advice:
      'the identifier or the secret is wrong, the client is registered elsewhere, or it authenticates in another way',
  },
  {
    id: 'client-not-allowed',
    when: isError('unauthorized_client', 'access_denied'),
    advice: 'the server knows the client, and does not let it have this token: allow it the grant and the API there',
  },
  {
    id: 'request-refused',
    when: isError('invalid_request'),
    advice: 'a parameter is missing, not allowed or not known: see what was sent above',
  },
  {
    id: 'redirect',
    when: ({ status = 0 }) => status >= 300 && status < 400,
    advice: 'pass the address that it leads to: a redirect would carry the secret along, and is not followed',
  },
  {
    id: 'rate-limit',
    when: ({ status }) => status === 429,
    advice:
      'too many token requests: keep one source for the whole process, and share tokens between processes (@tokenline/redis)',
  },
  {
    id: 'no-endpoint',
    when: ({ status = 0 }) => status === 404 || status === 405,
    advice: 'there is no token endpoint here: check tokenEndpoint, or pass issuer',
  },
  {
    id: 'gateway',
    when: ({ status = 0, error }) => error === undefined && (status === 401 || status === 403),
    advice:
      'not the server of tokens answered, but what stands before it: it may want a header (--header), or a client certificate (--cert)',
  },
  {
    id: 'no-token',
    when: ({ code }) => code === 'ERR_TOKEN_RESPONSE',
    advice: 'see the answer above: for a token inside another object, docs/token-requests.md has a fetch',
  },
  {
    id: 'server-failed',
    when: ({ status = 0 }) => status >= 500,
    advice: 'the server has failed: try again later, and look into its log',
  },
  {
    id: 'request-refused',
    when: ({ status = 0 }) => status >= 400,
    advice: 'the server has a reason of its own: see its answer above',
  },
  {
    id: 'timeout',
    when: ({ code }) => code === 'ERR_TOKEN_TIMEOUT',
    advice: 'raise timeout if the server is slow; a firewall that drops packets looks the same',
  },
  { id: 'unreachable', when: () => true, advice: 'see DNS and TLS above; a proxy may be needed: docs/proxies.md' },
];
