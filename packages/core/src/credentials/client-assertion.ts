import { type ClientAuthentication, clientAuthentication } from './client-authentication.ts';
import { invalidOption } from '../common/errors.ts';
import { readCredential } from './credential.ts';

/**
 * Authenticates the client with an assertion that comes from elsewhere: the token that a platform gives to a workload
 * (Kubernetes, a CI job, a cloud), or one that a key service signed.
 *
 * @param read - returns the assertion, or a promise of it. It is called for each attempt of a token request, so that a
 * file that is replaced is read again. White space around the assertion is dropped. When `read` throws or returns no
 * text, the token request fails with a `TokenError` (`ERR_TOKEN_REQUEST`) whose `cause` is the error.
 * @example
 * ```ts
 * clientAssertion(() => readFile('/var/run/secrets/tokens/login', 'utf8'))
 * ```
 * @throws TypeError (`ERR_INVALID_OPTION`) when `read` is not a function.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523.html#section-2.2 | RFC 7523 §2.2}
 */
export function clientAssertion(read: () => string | Promise<string>): ClientAuthentication {
  if (typeof read !== 'function') throw invalidOption('clientAssertion takes a function that returns the assertion');
  const assertion = async (): Promise<string> => {
    const value: unknown = await read();
    return typeof value === 'string' ? value.trim() : '';
  };
  return clientAuthentication({
    method: 'private_key_jwt',
    presents: { clientAssertion: assertion },
    authenticate: (first) => {
      let next: string | undefined = first;
      return async (_server, client, body) => {
        // A second attempt needs a new assertion: servers refuse one that they have seen.
        const value = next ?? (await readCredential('clientAssertion', assertion));
        next = undefined;
        body.set('client_id', client.client_id);
        body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
        body.set('client_assertion', value);
      };
    },
  });
}
