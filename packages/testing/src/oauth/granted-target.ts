import type { RegisteredClient } from './client-registration.ts';
import { wordsOf } from './form.ts';
import { Refusal } from './refusal.ts';

/** What a token is for. */
export interface Target {
  /** Space-separated. */
  readonly scope: string;
  readonly audience: readonly string[];
}

/** What a server has. */
export interface Offer {
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
}

/**
 * What a client gets of what it asks for: all of it.
 *
 * @throws Refusal (`invalid_scope` or `invalid_target`) where it asks for anything else than the server has for it.
 */
export function grantedTarget(form: URLSearchParams, client: RegisteredClient, { scopes, resources }: Offer): Target {
  const allowed = client.scope === undefined ? scopes : wordsOf(client.scope);
  const wanted = [...new Set((form.get('scope') ?? '').split(' '))];
  const isForAll = form.get('scope') === null;
  const unknown = isForAll ? [] : wanted.filter((scope) => !scopes.includes(scope) || !allowed.includes(scope));
  if (unknown.length > 0)
    throw new Refusal('invalid_scope', `the client must not ask for the scope ${unknown.join(' ')}`);
  const audience = [...form.getAll('resource'), ...form.getAll('audience')];
  for (const each of audience) {
    if (!resources.includes(each)) throw new Refusal('invalid_target', `the server does not know ${each}`);
  }
  // As servers have it: a token that two APIs accept could be used by one of them at the other.
  if (audience.length > 1) throw new Refusal('invalid_target', 'a token is for one resource');
  return { scope: isForAll ? '' : wanted.join(' '), audience };
}
