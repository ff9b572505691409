import { parseObject } from '../metadata-documents.ts';

/** What a token is by its looks. */
export type Decoded =
  | { readonly kind: 'jwt'; readonly header: Claims; readonly claims: Claims }
  /** An encrypted JWT: only its header can be read. */
  | { readonly kind: 'jwe'; readonly header: Claims }
  | { readonly kind: 'opaque' };

export type Claims = Readonly<Record<string, unknown>>;

/** Reads a token, without any verification. */
export function decode(token: string): Decoded {
  const parts = token.split('.');
  const header = parse(parts[0]);
  const claims = parse(parts[1]);
  if (parts.length === 3 && header && claims) return { kind: 'jwt', header, claims };
  return parts.length === 5 && header ? { kind: 'jwe', header } : { kind: 'opaque' };
}

function parse(part = ''): Claims | undefined {
  return parseObject(Buffer.from(part, 'base64url').toString());
}
