/** A request and its answer, as they may be shown. */
export interface Exchange {
  readonly method: string;
  /** Without its query, whose values may be secret. */
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The fields of the form. */
  readonly form: readonly (readonly [name: string, value: string])[];
  /** Milliseconds since the epoch. */
  readonly start: number;
  end: number;
  answer?: Answer;
  /** Why there is no answer. */
  failure?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The start of its body, which may hold tokens. */
  text: string;
}

const hidden = '[redacted]';
/** What is no secret in a request: everything else may be. */
const plainHeaders = ['accept', 'content-type'];
const plainFields =
  /^(grant_type|client_id|scope|resource|audience|client_assertion_type|token_type_hint|requested_token_use|.*_token_type)$/;
/** What is no token in an answer, but about it or about an error. */
const plainMembers =
  /^(token_type|expires_in|ext_expires_in|refresh_in|scope|issued_token_type|active|aud|iss|(error|fault)?_?(s|code|codes|summary|message|msg|description|string|title|detail|reason|uri|error)|name|status|timestamp|trace_id|correlation_id|realm)$/i;

export function shownHeader(name: string, value: string): string {
  if (plainHeaders.includes(name)) return value;
  return name === 'authorization' ? `${value.split(' ')[0]} ${hidden}` : hidden;
}

export function shownField(name: string, value: string): string {
  return plainFields.test(name) ? value : hidden;
}

/** The secret of a header, or of a field of a form; `undefined` where it is shown. */
export function secretOf(shown: string, value: string): string | undefined {
  if (shown === value) return undefined;
  return shown === hidden ? value : value.slice(value.indexOf(' ') + 1);
}

export function withoutQuery(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return `${origin}${pathname}${search && `?${hidden}`}`;
}

/** Where a redirect leads. */
export function shownLocation(location: string): string {
  return URL.canParse(location) ? withoutQuery(location) : location.replace(/([?#]).*/s, `$1${hidden}`);
}

/** The body of an answer as it may be shown: what is about the token or about an error, and nothing else. Secrets may be in that. */
export function shownBody({ text, status }: Answer): string {
  const fields = membersOf(text);
  if (fields !== undefined) return JSON.stringify(shownMembers(fields));
  // A part of JSON may be a part of a token.
  if (status < 400 || /^\s*(?:[{["]|$)/.test(text)) return '';
  const [, title] = /<title[^<>]*>([^<]*)/i.exec(text) ?? [];
  return (title ?? text.replaceAll(/<[^<>]*>/g, ' ')).replaceAll(/\s+/g, ' ').trim();
}

/** An object or a list, as some APIs send it. */
function membersOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function shownMembers(value: object): object {
  const entries = Object.entries(value).map(([name, member]) => {
    if (typeof member === 'object' && member !== null) return [name, shownMembers(member)];
    const isPlain = typeof member !== 'string' || plainMembers.test(name);
    return [name, isPlain ? member : hidden];
  });
  return Array.isArray(value) ? entries.map(([, member]) => member) : Object.fromEntries(entries);
}

/** The tokens in the body of an answer. */
export function tokensIn(text: string): string[] {
  const tokens = Object.entries(membersOf(text) ?? {}).flatMap(([name, value]): unknown[] =>
    typeof value === 'object' && value !== null ? tokensIn(JSON.stringify(value)) : /token$/i.test(name) ? [value] : [],
  );
  return tokens.filter((token): token is string => typeof token === 'string' && token.length > 3);
}
