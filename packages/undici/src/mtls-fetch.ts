import { Agent, fetch as undiciFetch } from 'undici';

/** The certificate that a client shows, all in PEM. Whatever `tls.connect` takes will do. */
export interface MtlsOptions {
  /** The client's certificate, with those of the authorities between. */
  readonly cert?: string | Buffer | undefined;
  /** Its private key. */
  readonly key?: string | Buffer | undefined;
  /** The password of an encrypted key. */
  readonly passphrase?: string | undefined;
  /** The authorities that vouch for servers. @defaultValue those of Node */
  readonly ca?: string | Buffer | readonly (string | Buffer)[] | undefined;
}

/**
 * Makes a `fetch` whose connections show a client certificate: the `fetch` option of a token source that authenticates
 * by `tlsClientAuth()` or `selfSignedTlsClientAuth()`, and what calls an API whose tokens are bound to the certificate.
 *
 * @example
 * ```ts
 * const [cert, key] = await Promise.all([readFile('client.crt', 'utf8'), readFile('client.key', 'utf8')]);
 * createTokenSource({ issuer, clientId, clientAuthentication: tlsClientAuth(), fetch: mtlsFetch({ cert, key }) });
 * ```
 * @see {@link https://www.rfc-editor.org/rfc/rfc8705.html | RFC 8705}
 */
export function mtlsFetch(options: MtlsOptions): typeof fetch {
  const connect = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const dispatcher = new Agent({ connect });
  // Of this undici, whatever Node's own is: the two do not understand each other's dispatchers.
  const send: unknown = (input: never, init?: object) => undiciFetch(input, { ...init, dispatcher });
  return send as typeof fetch;
}
