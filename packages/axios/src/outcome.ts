import { causesOf, conceal, concealHeaders } from '@tokenline/core/adapter';
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';

/** What follow-redirects adds to Node's requests and to its own. */
interface Followed {
  readonly _redirectable?: Followed;
  readonly _options?: { readonly headers?: object };
}
type Config = InternalAxiosRequestConfig;

/** What an adapter rejects with. */
type Failure = Error & Partial<Pick<AxiosResponse, 'config' | 'request'>> & { readonly response?: AxiosResponse };

/** What came of a request: a response, an error, or an error that holds a response. */
export interface Outcome {
  readonly response?: AxiosResponse | undefined;
  readonly rejected?: { readonly error: Failure | undefined };
}

/**
 * Sends a request through an adapter. What comes of it shows the config that the user gave, not the copy with the token: it is
 * printed, and a retry that is made of it must ask for a token again. Never rejects.
 */
export async function outcomeOf(dispatch: AxiosAdapter, sent: Config, given: Config): Promise<Outcome> {
  try {
    const response = await dispatch(sent);
    clean(response, given);
    return { response };
  } catch (thrown) {
    const error = thrown as Failure | undefined;
    // One error may have been made of another.
    for (const each of causesOf(error) as Failure[]) {
      clean(each, given);
      clean(each.response, given);
    }
    return { response: error?.response, rejected: { error } };
  }
}

/** @throws the error that an adapter rejected with. */
export function settle({ response, rejected }: Outcome): AxiosResponse {
  if (rejected) throw rejected.error;
  return response!;
}

/** Node's request holds the token as it was sent: it can still be read, but is no longer printed. */
function clean(printed: Partial<AxiosResponse> | undefined, given: Config): void {
  // What cannot be changed keeps the copy, without the token.
  if (printed?.config && !Reflect.set(printed, 'config', given)) printed.config.headers = given.headers;
  if (!printed?.request) return;
  Reflect.defineProperty(printed, 'request', { enumerable: false });
  // Streamed answers hold it, too.
  conceal(printed.request);
  const { _redirectable: followed = printed.request as Followed } = printed.request as Followed;
  const { _options } = followed;
  concealHeaders(_options?.headers);
}
