/**
 * A `fetch` for token requests that presents a client certificate.
 *
 * @module
 */
import { Agent, fetch as undiciFetch } from 'undici';

/** The client certificate and its key, in PEM. Further options of `tls.connect` are passed on. */
export interface MtlsOptions {
  /** The client's certificate, with those of intermediate authorities. */
  readonly cert?: string | Buffer | undefined;
  /** Its private key. */
  readonly key?: string | Buffer | undefined;
  /** The password of an encrypted key. @defaultValue none: the key is not encrypted */
  readonly passphrase?: string | undefined;
  /** The authorities that are trusted to sign certificates of servers. @defaultValue those of Node */
  readonly ca?: string | Buffer | readonly (string | Buffer)[] | undefined;
}

/**
 * Makes a `fetch` whose connections present a client certificate. Use it as the `fetch` option of a token source that
 * authenticates by `tlsClientAuth()` or `selfSignedTlsClientAuth()`, and to call an API whose tokens are bound to the
 * certificate. A malformed certificate or key fails the first request, not this call.
 *
 * @example
 * ```ts
 * const [cert, key] = await Promise.all([readFile('client.crt', 'utf8'), readFile('client.key', 'utf8')]);
 * createTokenSource({ issuer, clientId, clientAuthentication: tlsClientAuth(), fetch: mtlsFetch({ cert, key }) });
 * ```
 * @see {@link https://www.rfc-editor.org/rfc/rfc8705.html | RFC 8705}
 */
export function mtlsFetch(options: MtlsOptions): typeof fetch {
  const dispatcher = new Agent({ connect: { ...options } as object });
  // The fetch of this undici: Node's own does not understand a dispatcher of another undici.
  const send: unknown = (input: never, init?: object) => undiciFetch(input, { ...init, dispatcher });
  return send as typeof fetch;
}
