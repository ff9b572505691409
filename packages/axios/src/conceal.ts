import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';

/** What an adapter rejects with. */
export type Failure = Error &
  Partial<Pick<AxiosResponse, 'config' | 'request'>> & { readonly response?: AxiosResponse };

/**
 * Node's request holds the token as it was sent, and so may a copy of the config. The one stays for who asks for it, but is
 * no longer printed; the other gives way to the config that the copy was made of.
 */
export function conceal(failure: Failure | undefined, config: InternalAxiosRequestConfig): void {
  let error = failure;
  // One error may have been made of another.
  for (let depth = 0; error && depth < 8; depth++) {
    for (const printed of [error, error.response]) {
      if (printed?.config) printed.config = config;
      if (printed?.request) Object.defineProperty(printed, 'request', { enumerable: false });
    }
    error = error.cause as Failure | undefined;
  }
}
