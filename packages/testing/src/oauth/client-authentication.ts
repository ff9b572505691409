import { decodeJwt, decodeProtectedHeader } from 'jose';
import { type AssertionRules, assertionType, checkAssertion } from './client-assertion.ts';
import type { AuthenticationMethod, RegisteredClient } from './client-registration.ts';
import { invalidClient, invalidRequest } from './refusal.ts';

/** What a request says of its client, before anything of it is checked. */
export interface PresentedClient {
  readonly id: string;
  readonly method: AuthenticationMethod;
  /** The secret or the assertion. */
  readonly credential: string;
}

/**
 * Finds what a request says of its client.
 *
 * @throws Refusal (`invalid_request`) when it says nothing, two things, or something malformed.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3 | RFC 6749 §2.3}
 */
export function presentedClient(headers: Headers, form: URLSearchParams): PresentedClient {
  const authorization = headers.get('authorization');
  const [id, secret, assertion] = ['client_id', 'client_secret', 'client_assertion'].map((name) => form.get(name));
  if ([authorization, secret, assertion].filter(Boolean).length > 1)
    throw invalidRequest('the client authenticates in more than one way');
  const presented =
    (authorization && basicClient(authorization)) ||
    (secret && { id: id ?? '', method: 'client_secret_post' as const, credential: secret }) ||
    (assertion && assertingClient(assertion, form)) ||
    ({ id: id ?? '', method: 'none', credential: '' } as const);
  if (presented.id === '') throw invalidRequest('the request does not say which client it is of');
  if (id && id !== presented.id) throw invalidRequest('the request is of two clients');
  return presented;
}

/** @throws Refusal (`invalid_client`) unless the client is known, and is who it says. */
export async function authenticate(
  { method, credential }: PresentedClient,
  client: RegisteredClient | undefined,
  rules: Omit<AssertionRules, 'client'>,
): Promise<RegisteredClient> {
  if (client === undefined) throw invalidClient('there is no such client');
  if (client.method !== method) throw invalidClient(`the client must authenticate by ${client.method}`);
  if (method.endsWith('_jwt')) await checkAssertion(credential, { ...rules, client });
  else if (method !== 'none' && credential !== client.secret) throw invalidClient('the client_secret is wrong');
  return client;
}

function basicClient(authorization: string): PresentedClient {
  const [, encoded] = /^basic ([A-Za-z0-9+/]+=*)$/i.exec(authorization) ?? [];
  if (encoded === undefined) throw invalidRequest('the authorization header is malformed');
  try {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    const [, id = '', credential = ''] = /^([^:]*):(.*)$/s.exec(new TextDecoder().decode(bytes)) ?? [];
    return { id: formDecode(id), method: 'client_secret_basic', credential: formDecode(credential) };
  } catch {
    throw invalidRequest('the authorization header is malformed');
  }
}

function formDecode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', '%20'));
}

function assertingClient(assertion: string, form: URLSearchParams): PresentedClient {
  if (form.get('client_assertion_type') !== assertionType)
    throw invalidRequest(`client_assertion_type must be ${assertionType}`);
  try {
    const isSecret = decodeProtectedHeader(assertion).alg?.startsWith('HS');
    const method = isSecret ? 'client_secret_jwt' : 'private_key_jwt';
    return { id: decodeJwt(assertion).sub ?? '', method, credential: assertion };
  } catch {
    throw invalidRequest('the client_assertion is no JWT');
  }
}
