/** The HTTP clients that contenders work with. */
export type ClientName = 'axios' | 'got' | 'ky' | 'fetch' | 'undici' | 'gaxios' | 'core-rest-pipeline';

/** What every client is made with. */
export interface ClientOptions {
  /** The origin of the API. */
  readonly api: string;
  /** Whether requests end in a stub of the client's transport. */
  readonly stubbed: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}
