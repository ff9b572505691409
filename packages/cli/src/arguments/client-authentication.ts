import {
  clientAssertion,
  clientSecretBasic,
  clientSecretJwt,
  type PrivateKeyJwtOptions,
  privateKeyJwt,
  selfSignedTlsClientAuth,
  tlsClientAuth,
} from '@tokenline/core';
import { UsageError } from '../usage-error.ts';
import type { ClientArguments } from './client-arguments.ts';
import { pairs } from './pairs.ts';
import { quoted, type SecretTexts } from './secret-texts.ts';
import type { Setting } from './settings.ts';

/** The method that the arguments name, or that follows from what they bring. `undefined` leaves it to the server. */
export function methodOf({
  auth,
  key,
  clientAssertion: assertion,
  clientSecret,
  cert,
}: ClientArguments): string | undefined {
  if (auth !== undefined) return auth;
  if (key !== undefined || assertion !== undefined) return 'private_key_jwt';
  return cert !== undefined && clientSecret === undefined ? 'tls_client_auth' : undefined;
}

/** Whether a client that authenticates so presents a secret. */
export function presentsSecret(method: string | undefined): boolean {
  return method === undefined || method.startsWith('client_secret_');
}

/** How the client authenticates; `undefined` where the server decides. */
export async function readAuthentication(args: ClientArguments, texts: SecretTexts): Promise<Setting | undefined> {
  const method = methodOf(args);
  if (method === undefined && args.encoding === undefined) return undefined;
  if (method === 'private_key_jwt') return readKeyOrAssertion(args, texts);
  if (method === 'tls_client_auth') return { value: tlsClientAuth(), code: 'tlsClientAuth()' };
  if (method === 'self_signed_tls_client_auth')
    return { value: selfSignedTlsClientAuth(), code: 'selfSignedTlsClientAuth()' };
  if (args.encoding !== undefined) {
    if (method !== undefined && method !== 'client_secret_basic')
      throw new UsageError('--encoding is for --auth client_secret_basic');
    return secretBasic(args.encoding);
  }
  const audience = args.assertionAudience;
  if (method === 'client_secret_jwt' && audience !== undefined)
    return { value: clientSecretJwt({ audience }), code: `clientSecretJwt({ audience: ${quoted(audience)} })` };
  return { value: method, code: quoted(method ?? '') };
}

export function secretBasic(encoding: 'form' | 'raw'): Setting {
  return encoding === 'form'
    ? { value: 'client_secret_basic', code: `'client_secret_basic'` }
    : { value: clientSecretBasic({ encoding }), code: `clientSecretBasic({ encoding: 'raw' })` };
}

async function readKeyOrAssertion(args: ClientArguments, texts: SecretTexts): Promise<Setting> {
  if (args.clientAssertion !== undefined) {
    const assertion = texts.from('--client-assertion', args.clientAssertion);
    const code =
      assertion.path === undefined ? `async () => ${assertion.code}` : assertion.code.replace('await ', '() => ');
    return { value: clientAssertion(() => assertion.read()), code: `clientAssertion(${code})` };
  }
  if (args.key === undefined) throw new UsageError('--auth private_key_jwt needs --key, or --client-assertion');
  return keyAuthentication(args, texts, args.assertionAudience);
}

/** An assertion for this audience, signed with the key of the arguments. */
export async function keyAuthentication(
  { key, kid, alg, assertionHeader = [] }: ClientArguments,
  texts: SecretTexts,
  audience: string | undefined,
): Promise<Setting> {
  const secret = texts.from('--key', key ?? '');
  const header = pairs('--assertion-header', assertionHeader);
  const given = { kid, algorithm: alg, audience, header: header.length > 0 ? Object.fromEntries(header) : undefined };
  const rest = Object.entries(given).filter(([, value]) => value !== undefined);
  const text = await secret.read();
  const isJwk = text.trimStart().startsWith('{');
  const code = [`key: ${isJwk ? `JSON.parse(${secret.code})` : secret.code}`];
  for (const [name, value] of rest)
    code.push(`${name}: ${typeof value === 'string' ? quoted(value) : JSON.stringify(value)}`);
  const options = { key: isJwk ? parseJwk(text) : text, ...Object.fromEntries(rest) } as PrivateKeyJwtOptions;
  return { value: privateKeyJwt(options), code: `privateKeyJwt({ ${code.join(', ')} })` };
}

function parseJwk(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The message of the parser quotes the text.
    throw new UsageError('--key looks like a JWK, and is not JSON');
  }
}
