import { clientSecretBasic, OAuthError, proofKey, type TokenError } from '@tokenline/core';
import { keyAuthentication } from '../arguments/client-authentication.ts';
import type { Setting, Settings } from '../arguments/settings.ts';
import type { Visit } from './visit.ts';

/** Another way to ask for the token, which may be the one that the server wants. */
export interface Variant {
  readonly what: string;
  readonly settings: Settings;
}

const refusals = ['invalid_client', 'invalid_request', 'unauthorized_client', 'unauthorized', 'access_denied'];

/** What to try after a refusal: few requests, since some servers lock a client out. */
export async function variantsAfter(failure: TokenError, visit: Visit, tried: readonly string[]): Promise<Variant[]> {
  const { settings } = visit;
  const { error, errorDescription = '' } = failure instanceof OAuthError ? failure : { error: undefined };
  if (settings.get('dpop') === undefined && /dpop/i.test(`${error} ${errorDescription}`))
    return [{ what: 'DPoP', settings: settings.with('dpop', { value: proofKey(), code: 'proofKey()' }) }];
  if (settings.get('grant') !== undefined && /client_id/.test(errorDescription)) {
    const bare = ['clientId', 'clientSecret', 'clientAuthentication'] as const;
    return [{ what: 'no clientId', settings: bare.reduce((rest, name) => rest.with(name, undefined), settings) }];
  }
  const mayBeWay = (error !== undefined && refusals.includes(error)) || [400, 401, 403].includes(failure.status ?? 0);
  return mayBeWay ? [...withSecret(visit, tried), ...(await withKey(visit))] : [];
}

function withSecret({ settings }: Visit, tried: readonly string[]): Variant[] {
  const { clientId = '', clientSecret } = settings.toOptions();
  if (typeof clientSecret !== 'string') return [];
  const named: { what: string; setting: Setting }[] = [
    'client_secret_post',
    'client_secret_basic',
    'client_secret_jwt',
  ].map((value) => ({ what: value, setting: { value, code: `'${value}'` } }));
  const raw = { value: clientSecretBasic({ encoding: 'raw' }), code: `clientSecretBasic({ encoding: 'raw' })` };
  // Only what is encoded at all tells the two apart.
  const isPlain = /^[\w.~*-]*$/.test(clientId + clientSecret);
  if (!isPlain) named.push({ what: 'client_secret_basic, not encoded', setting: raw });
  return named
    .filter(({ what }) => !tried.includes(what))
    .map(({ what, setting }) => ({ what, settings: settings.with('clientAuthentication', setting) }));
}

async function withKey({ settings, args, texts }: Visit): Promise<Variant[]> {
  if (args.key === undefined) return [];
  const { assertionAudience = 'issuer' } = args;
  const others = ['issuer', 'token_endpoint'].filter((audience) => audience !== assertionAudience);
  return Promise.all(
    others.map(async (audience) => ({
      what: `private_key_jwt with the audience ${audience}`,
      settings: settings.with('clientAuthentication', await keyAuthentication(args, texts, audience)),
    })),
  );
}
