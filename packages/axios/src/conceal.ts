import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';

/** What an adapter rejects with. */
export type Failure = Error & { readonly response?: AxiosResponse };

/**
 * Node's request holds the token as it was sent, and so may a copy of the config. The one stays for who asks for it, but is
 * no longer printed; the other gives way to the config that the copy was made of.
 */
export function conceal(outcome: unknown, config: InternalAxiosRequestConfig, depth = 0): void {
  if (typeof outcome !== 'object' || outcome === null || depth > 8) return;
  const printed = outcome as Partial<AxiosResponse> & Pick<Error, 'cause'> & { readonly response?: unknown };
  if (printed.config) printed.config = config;
  if (printed.request) Object.defineProperty(printed, 'request', { enumerable: false });
  conceal(printed.response, config, depth + 1);
  // One error may have been made of another.
  conceal(printed.cause, config, depth + 1);
}
