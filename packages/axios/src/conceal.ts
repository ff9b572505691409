import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';

/** What an adapter rejects with. */
export type Failure = Error &
  Partial<Pick<AxiosResponse, 'config' | 'request'>> & { readonly response?: AxiosResponse };

/**
 * Node's request holds the token as it was sent, and so may a copy of the config. The one stays for who asks for it, but is
 * no longer printed; the other gives way to the config that the copy was made of.
 */
export function conceal(
  failure: Failure | undefined,
  response: AxiosResponse | undefined,
  config: InternalAxiosRequestConfig,
): void {
  hide(response, config);
  let error = failure;
  // One error may have been made of another.
  for (let depth = 0; error && depth < 8; depth++) {
    hide(error, config);
    hide(error.response, config);
    error = error.cause as Failure | undefined;
  }
}

/** Leaves what cannot be changed as it is. */
function hide(printed: Partial<AxiosResponse> | undefined, config: InternalAxiosRequestConfig): void {
  if (printed?.config) Reflect.set(printed, 'config', config);
  if (printed?.request) Reflect.defineProperty(printed, 'request', { enumerable: false });
}
