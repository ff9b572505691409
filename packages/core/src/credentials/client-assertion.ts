import type { Authenticator, ClientAuthentication } from './client-authentication.ts';
import { invalidOption } from '../common/errors.ts';

/**
 * Authenticates the client with an assertion that somebody else made: the token that a platform gives to a workload
 * (Kubernetes, a CI job, a cloud), or one that a key service signed.
 *
 * @param read - called, and may be asynchronous, for each attempt of a token request, so that a file that is replaced
 * or a service that signs is asked anew. White space around what it gives is dropped.
 * @example
 * ```ts
 * clientAssertion(() => readFile('/var/run/secrets/tokens/login', 'utf8'))
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) when `read` is no function.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523.html#section-2.2 | RFC 7523 §2.2}
 */
export function clientAssertion(read: () => string | Promise<string>): ClientAuthentication {
  if (typeof read !== 'function') throw invalidOption('clientAssertion takes a function that returns the assertion');
  const assertion = async (): Promise<string> => {
    const value: unknown = await read();
    return typeof value === 'string' ? value.trim() : '';
  };
  return {
    method: 'private_key_jwt',
    presents: { clientAssertion: assertion },
    authenticate: (first) => {
      let next: string | undefined = first;
      return async (_server, client, body) => {
        // A second attempt needs another one: servers refuse an assertion that they have seen.
        const value = next ?? (await assertion());
        next = undefined;
        body.set('client_id', client.client_id);
        body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
        body.set('client_assertion', value);
      };
    },
  } satisfies Authenticator as ClientAuthentication;
}
