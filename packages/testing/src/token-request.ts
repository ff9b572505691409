import { presentedClient } from './oauth/client-authentication.ts';
import type { AuthenticationMethod } from './oauth/client-registration.ts';
import { readFields } from './oauth/form.ts';
import { redactedForm, redactedHeaders } from './redaction.ts';

/** A token request as the server saw it. No field holds a credential. */
export interface TokenRequest {
  /** When it arrived, in milliseconds since the epoch by the server's clock. */
  readonly time: number;
  /** The parameters of its form: `[redacted]` where they carry a credential, a list where there are several of one name. */
  readonly form: Readonly<Record<string, string | readonly string[]>>;
  /** Its headers, by their names in lower case; redacted like the form. */
  readonly headers: Readonly<Record<string, string>>;
  /** The client that it said it is of; `undefined` where it said none. */
  readonly clientId: string | undefined;
  /** How the client authenticated, before anything of that was checked. */
  readonly clientAuthentication: AuthenticationMethod | undefined;
  /** The status of the answer; `undefined` while there is none. */
  readonly status: number | undefined;
  /** The `error` of the answer, where it is an OAuth error. */
  readonly error: string | undefined;
}

/** What is to be seen of a request, which is left unread. */
export async function seenRequest(request: Request, time: number): Promise<TokenRequest> {
  const { headers } = request;
  const form = await readFields(request.clone()).catch(() => new URLSearchParams());
  const shown = { form: redactedForm(form), headers: redactedHeaders(headers) };
  return { time, ...shown, ...clientOf(headers, form), status: undefined, error: undefined };
}

/** What is to be seen of an answer, which is left unread. */
export async function outcomeOf(response: Response): Promise<Pick<TokenRequest, 'status' | 'error'>> {
  const { ok, status } = response;
  const body: unknown = ok
    ? undefined
    : await response
        .clone()
        .json()
        .catch(() => undefined);
  const { error } = Object(body) as { error?: unknown };
  return { status, error: typeof error === 'string' ? error : undefined };
}

/** What a request says of its client, as far as it says it. */
function clientOf(headers: Headers, form: URLSearchParams): Pick<TokenRequest, 'clientId' | 'clientAuthentication'> {
  try {
    const { id, method } = presentedClient(headers, form);
    return { clientId: id, clientAuthentication: method };
  } catch {
    return { clientId: undefined, clientAuthentication: undefined };
  }
}
