/** How a fake listens. */
export interface ListenOptions {
  /** @defaultValue any free one */
  readonly port?: number | undefined;
  /** The key and the certificate, as PEM, of a server that is reached by https as `localhost`. @defaultValue none: plain http */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
}
