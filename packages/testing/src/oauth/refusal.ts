/** Why a request is refused: an error of RFC 6749 §5.2, or of one that builds on it. */
export class Refusal extends Error {
  readonly status: number;
  readonly error: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    error: string,
    description: string,
    { status = 400, headers = {} }: { readonly status?: number; readonly headers?: Record<string, string> } = {},
  ) {
    super(description);
    this.status = status;
    this.error = error;
    this.headers = headers;
  }

  get response(): Response {
    const { status, error, message, headers } = this;
    return json({ error, error_description: message }, status, headers);
  }
}

/** An answer of the authorization server. @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1 | RFC 6749 §5.1} */
export function json(body: object, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store', ...headers } });
}

export function invalidClient(description: string): Refusal {
  return new Refusal('invalid_client', description, { status: 401 });
}

export function invalidRequest(description: string): Refusal {
  return new Refusal('invalid_request', description);
}
