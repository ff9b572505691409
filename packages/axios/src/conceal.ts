import { causesOf } from '@tokenline/core/adapter';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';

/** What an adapter rejects with. */
export type Failure = Error &
  Partial<Pick<AxiosResponse, 'config' | 'request'>> & { readonly response?: AxiosResponse };

/**
 * Node's request holds the token as it was sent, and a copy of the config may hold it. The request can still be read, but is
 * no longer printed; the copy is replaced by the config that it was made of.
 */
export function conceal(
  failure: Failure | undefined,
  response: AxiosResponse | undefined,
  config: InternalAxiosRequestConfig,
): void {
  hide(response, config);
  // One error may have been made of another.
  for (const error of causesOf(failure) as Failure[]) {
    hide(error, config);
    hide(error.response, config);
  }
}

/** Leaves what cannot be changed as it is. */
function hide(printed: Partial<AxiosResponse> | undefined, config: InternalAxiosRequestConfig): void {
  if (printed?.config) Reflect.set(printed, 'config', config);
  if (printed?.request) Reflect.defineProperty(printed, 'request', { enumerable: false });
}
