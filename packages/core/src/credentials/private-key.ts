import { invalidOption, TokenError } from '../common/errors.ts';
import { ownCopy } from '../common/own.ts';

/** A private key: a `CryptoKey` that may sign, a JWK, or PEM in PKCS#8 (`BEGIN PRIVATE KEY`). */
export type PrivateKey = WebCryptoKey | PrivateJwk | string;

/** A `CryptoKey`: TypeScript knows that name only with the DOM library, or imported from `node:crypto`. */
export interface WebCryptoKey {
  readonly type: string;
  readonly extractable: boolean;
  readonly algorithm: { readonly name: string };
  readonly usages: readonly string[];
}

/** A private key as a JWK. @see {@link https://www.rfc-editor.org/rfc/rfc7517.html | RFC 7517} */
export interface PrivateJwk extends Readonly<Partial<Record<JwkText, string | undefined>>> {
  readonly ext?: boolean | undefined;
  readonly key_ops?: readonly string[] | undefined;
  readonly oth?: readonly object[] | undefined;
}

type JwkText =
  | 'alg'
  | 'crv'
  | 'd'
  | 'dp'
  | 'dq'
  | 'e'
  | 'k'
  | 'kid'
  | 'kty'
  | 'n'
  | 'p'
  | 'q'
  | 'qi'
  | 'use'
  | 'x'
  | 'y';

/** How assertions are signed. `Ed25519` is the newer name of `EdDSA`, which fewer servers know. */
export type SigningAlgorithm = 'ES256' | 'RS256' | 'PS256' | 'EdDSA' | 'Ed25519';

/** A key that signs, imported when it is first needed. */
export interface SigningKey {
  readonly algorithm: SigningAlgorithm;
  readonly load: () => Promise<CryptoKey>;
}

const algorithms = {
  ES256: { kty: 'EC', parameters: { name: 'ECDSA', namedCurve: 'P-256' } },
  RS256: { kty: 'RSA', parameters: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } },
  PS256: { kty: 'RSA', parameters: { name: 'RSA-PSS', hash: 'SHA-256' } },
  EdDSA: { kty: 'OKP', parameters: { name: 'Ed25519' } },
  Ed25519: { kty: 'OKP', parameters: { name: 'Ed25519' } },
} as const;
// Marked, since a bundler would else keep it, and the table, for those who sign nothing.
const names = /* @__PURE__ */ Object.keys(algorithms) as SigningAlgorithm[];

// The object identifiers by which PKCS#8 names the kind of its key.
const identifiers = {
  '\x2a\x86\x48\xce\x3d\x02\x01': 'EC',
  '\x2a\x86\x48\x86\xf7\x0d\x01\x01': 'RSA',
  '\x2b\x65\x70': 'OKP',
};

/** @throws TypeError (`ERR_INVALID_OPTION`) when the key is no private key, or of no use for the algorithm. */
export function readPrivateKey(key: PrivateKey, algorithm: SigningAlgorithm | undefined): SigningKey {
  if (algorithm !== undefined && !Object.hasOwn(algorithms, algorithm))
    throw invalidOption(`algorithm must be one of ${names.join(', ')}`);
  if (typeof key === 'string') return readPem(key, algorithm);
  if (typeof key !== 'object' || key === null) throw invalidOption('key must be a CryptoKey, a JWK, or PEM');
  return Object.hasOwn(key, 'kty')
    ? readJwk(ownCopy(key as JsonWebKey), algorithm)
    : readCryptoKey(key as CryptoKey, algorithm);
}

function readCryptoKey(key: CryptoKey, wanted: SigningAlgorithm | undefined): SigningKey {
  if (key.type !== 'private' || !key.usages.includes('sign'))
    throw invalidOption('key must be a private CryptoKey whose usages include "sign", a JWK, or PEM');
  const { name, namedCurve, hash } = key.algorithm as EcKeyAlgorithm & RsaHashedKeyAlgorithm;
  const fits = names.filter((candidate) => {
    const { parameters } = algorithms[candidate];
    if (parameters.name !== name) return false;
    if ('namedCurve' in parameters) return parameters.namedCurve === namedCurve;
    return !('hash' in parameters) || parameters.hash === hash.name;
  });
  return choose(fits, wanted, () => Promise.resolve(key));
}

function readJwk(jwk: JsonWebKey, wanted: SigningAlgorithm | undefined): SigningKey {
  if (typeof jwk.d !== 'string') throw invalidOption('key must be a private JWK: it has no "d"');
  // Only what makes the key: what a JWK says of its use may be written for another one.
  const { alg, use: _, key_ops: __, ext: ___, ...material } = jwk;
  const fits = names.filter((name) => algorithms[name].kty === jwk.kty);
  const said = fits.find((name) => name === alg);
  return choose(fits, wanted ?? said, (parameters) =>
    crypto.subtle.importKey('jwk', ownCopy(material), parameters, false, ['sign']),
  );
}

function readPem(pem: string, wanted: SigningAlgorithm | undefined): SigningKey {
  // A variable of the environment may have its line breaks written as \n.
  const base64 = /-----BEGIN PRIVATE KEY-----([^-]+)-----END/.exec(pem)?.[1]?.replaceAll(/\\n|\s/g, '') ?? '';
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    throw invalidOption(
      'key must be PEM in PKCS#8, not encrypted ("BEGIN PRIVATE KEY"): `openssl pkcs8 -topk8 -nocrypt` converts others',
    );
  }
  const der = atob(base64);
  const kind = Object.entries(identifiers).find(([identifier]) => der.slice(0, 32).includes(identifier))?.[1];
  const bytes = Uint8Array.from(der, (character) => character.charCodeAt(0));
  const fits = names.filter((name) => algorithms[name].kty === kind);
  return choose(fits, wanted, (parameters) => crypto.subtle.importKey('pkcs8', bytes, parameters, false, ['sign']));
}

function choose(
  fits: readonly SigningAlgorithm[],
  wanted: SigningAlgorithm | undefined,
  load: (parameters: (typeof algorithms)[SigningAlgorithm]['parameters']) => Promise<CryptoKey>,
): SigningKey {
  const algorithm = wanted ?? fits[0];
  if (algorithm === undefined) throw invalidOption(`key is of no use for any of ${names.join(', ')}`);
  if (!fits.includes(algorithm))
    throw invalidOption(`key is of no use for ${algorithm}: set algorithm, or another key`);
  let loaded: Promise<CryptoKey> | undefined;
  return {
    algorithm,
    load: () =>
      (loaded ??= load(algorithms[algorithm].parameters).catch((cause: unknown) => {
        throw new TokenError('ERR_TOKEN_REQUEST', `the key of privateKeyJwt cannot be used for ${algorithm}`, {
          cause,
        });
      })),
  };
}
