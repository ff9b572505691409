interface MtlsOptions {
    readonly cert?: string | Buffer | undefined;
    readonly key?: string | Buffer | undefined;
    readonly passphrase?: string | undefined;
    readonly ca?: string | Buffer | readonly (string | Buffer)[] | undefined;
}

declare function mtlsFetch(options: MtlsOptions): typeof fetch;

export type { MtlsOptions };

export { mtlsFetch };
