import { invalidOption, wrongClient } from '@tokenline/core/adapter';
import type { AxiosInstance } from 'axios';

/** @throws TypeError (`ERR_INVALID_OPTION`) for what is no axios instance, or only looks like one. */
export function assertAxios(client: AxiosInstance | null | undefined): asserts client is AxiosInstance {
  if (typeof client?.interceptors?.request?.use !== 'function') throw wrongClient('an axios instance');
  // Such a client calls interceptors, but none of them can decide how a request is sent.
  if (!client.defaults || !('adapter' in client.defaults))
    throw invalidOption(
      'bearerAuth needs an axios instance: this client has no defaults.adapter, so it can carry no token. Use @tokenline/fetch with its fetch',
    );
}
