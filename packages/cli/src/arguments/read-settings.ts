import { createPrivateKey, createPublicKey } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { proofKey } from '@tokenline/core';
import { UsageError } from '../usage-error.ts';
import type { ClientArguments } from './client-arguments.ts';
import { methodOf, presentsSecret, readAuthentication } from './client-authentication.ts';
import { readGrant } from './grants.ts';
import { pairs } from './pairs.ts';
import { quoted, type SecretTexts } from './secret-texts.ts';
import { type Setting, Settings } from './settings.ts';

/** Reads the arguments as options of a source. @throws UsageError naming the argument. */
export async function readSettings(args: ClientArguments, texts: SecretTexts): Promise<Settings> {
  const entries = {
    issuer: plain(args.issuer),
    tokenEndpoint: plain(args.tokenEndpoint),
    clientId: plain(args.clientId),
    clientSecret: await readSecret(args, texts),
    clientAuthentication: await readAuthentication(args, texts),
    grant: readGrant(args, texts),
    scope: list(args.scope),
    resource: list(args.resource),
    audience: list(args.audience),
    parameters: readParameters(args),
    dpop: await readProofKey(args, texts),
    headers: readHeaders(args, texts),
    fetch: await readFetch(args, texts),
    timeout: readTimeout(args),
    allowInsecureRequests: args.allowInsecureRequests ? { value: true, code: 'true' } : undefined,
  };
  const given = Object.entries(entries).filter(
    (entry): entry is [keyof typeof entries, Setting] => entry[1] !== undefined,
  );
  return new Settings(given);
}

function plain(value: string | undefined): Setting | undefined {
  return value === undefined ? undefined : { value, code: quoted(value) };
}

function list(values: readonly string[] | undefined): Setting | undefined {
  if (values === undefined) return undefined;
  const [first = '', ...rest] = values;
  return rest.length === 0 ? plain(first) : { value: values, code: `[${values.map(quoted).join(', ')}]` };
}

async function readSecret(args: ClientArguments, texts: SecretTexts): Promise<Setting | undefined> {
  const { clientId, clientSecret } = args;
  // Without an identifier, a grant says all that the server wants to know.
  if (clientSecret === undefined && (clientId === undefined || !presentsSecret(methodOf(args)))) return undefined;
  const from = clientSecret ?? (process.env['CLIENT_SECRET'] ? 'env:CLIENT_SECRET' : undefined);
  const option = '--client-secret';
  const secret = from === undefined ? texts.prompted(option, 'Client secret') : texts.from(option, from);
  const value = await secret.read();
  return { value, code: texts.withLineBreak.has(option) ? `(${secret.code}).trimEnd()` : secret.code };
}

function readParameters({ parameter = [] }: ClientArguments): Setting | undefined {
  const given = pairs('--parameter', parameter);
  if (given.length === 0) return undefined;
  const code = given.map(([name, value]) => `${quoted(name)}: ${quoted(value)}`);
  return { value: Object.fromEntries(given), code: `{ ${code.join(', ')} }` };
}

function readHeaders({ header = [] }: ClientArguments, texts: SecretTexts): Setting | undefined {
  const given = pairs('--header', header).map(([name, from]) => [name, texts.from(`--header ${name}`, from)] as const);
  if (given.length === 0) return undefined;
  const value = given.map(([name, secret]) => [name, () => secret.read()] as const);
  const code = given.map(([name, secret]) => `${quoted(name)}: ${secret.code}`);
  return { value: Object.fromEntries(value), code: `{ ${code.join(', ')} }` };
}

/** The key that tokens are bound to: that of the arguments, or a new one that ends with this process. */
async function readProofKey({ dpop, dpopKey }: ClientArguments, texts: SecretTexts): Promise<Setting | undefined> {
  if (dpopKey === undefined) return dpop ? { value: proofKey(), code: 'proofKey()' } : undefined;
  const pem = await texts.from('--dpop-key', dpopKey).read();
  try {
    const key = createPrivateKey(pem);
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    const privateKey = key.toCryptoKey(algorithm, false, ['sign']);
    const publicKey = createPublicKey(key).toCryptoKey(algorithm, true, ['verify']);
    return { value: proofKey({ keyPair: { privateKey, publicKey } }), code: 'proofKey({ keyPair })' };
  } catch {
    throw new UsageError(
      '--dpop-key must be a private key for ES256, in PEM: `openssl ecparam -genkey -name prime256v1`',
    );
  }
}

/** A fetch with the certificates of the arguments. */
async function readFetch({ cert, certKey, ca }: ClientArguments, texts: SecretTexts): Promise<Setting | undefined> {
  if (cert === undefined && ca === undefined) return undefined;
  if (cert !== undefined && certKey === undefined) throw new UsageError('--cert needs --cert-key');
  const own = { cert: cert && texts.from('--cert', cert), key: cert && certKey && texts.from('--cert-key', certKey) };
  const authority = ca === undefined ? undefined : texts.from('--ca', ca);
  const code = Object.entries(own).flatMap(([name, text]) => (text ? [`${name}: ${text.code}`] : []));
  if (authority) code.push(`ca: [...rootCertificates, ${authority.code}]`);
  const { mtlsFetch } = await import('@tokenline/undici/mtls-fetch');
  const value = mtlsFetch({
    cert: own.cert ? await own.cert.read() : undefined,
    key: own.key ? await own.key.read() : undefined,
    ca: authority && [...rootCertificates, await authority.read()],
  });
  return { value, code: `mtlsFetch({ ${code.join(', ')} })` };
}

function readTimeout({ timeout }: ClientArguments): Setting | undefined {
  if (timeout === undefined) return undefined;
  if (!/^\d+$/.test(timeout)) throw new UsageError('--timeout takes a number of milliseconds');
  return { value: Number(timeout), code: timeout };
}
