import type { AuthenticationChoice } from './authentication-choice.ts';
import { type Credential, readCredential } from './credential.ts';
import type { GrantParameters, ReadableGrant } from './grant.ts';

/** What a token request presents: of the client, and of whom it acts for. Read anew at every token request. */
export interface Credentials {
  /** The secret or the assertion; empty where the client has none to read. */
  readonly client: string;
  readonly grant: GrantParameters;
}

/** Where they come from. */
export interface CredentialsSource extends AuthenticationChoice {
  readonly grant: ReadableGrant;
}

/** @throws TokenError when a function of the user fails, or the reason of the signal. */
export async function readCredentials(source: CredentialsSource, signal: AbortSignal): Promise<Credentials> {
  return { client: await readClientCredential(source, signal), grant: await source.grant.read(signal) };
}

/** The client's part of that. */
export async function readClientCredential(source: AuthenticationChoice, signal: AbortSignal): Promise<string> {
  const named = clientCredentialOf(source);
  return named === undefined ? '' : readCredential(...named, signal);
}

/** Whether another reading may bring other credentials. */
export function credentialsMayChange(source: CredentialsSource): boolean {
  return source.grant.mayChange || typeof clientCredentialOf(source)?.[1] === 'function';
}

function clientCredentialOf(choice: AuthenticationChoice): [string, Credential] | undefined {
  const { clientAuthentication, clientSecret } = choice;
  const presents = clientAuthentication?.presents;
  if (typeof presents === 'object') return ['clientAssertion', presents.clientAssertion];
  return clientSecret === undefined ? undefined : ['clientSecret', clientSecret];
}
