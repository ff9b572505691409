/** One challenge of a `WWW-Authenticate` header. Scheme and parameter names are in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const token = /[!#$%&'*+\-.^_`|~\w]+/y;
const token68 = /[\w\-.~+/]+=*(?=[\t ]*(?:,|$))/y;
// A quote that is never closed takes all the rest.
const quoted = /"((?:[^"\\]|\\.)*)(?:"|\\?$)/sy;
const bare = /[^\s,]*/y;

/**
 * Reads a `WWW-Authenticate` header, several of them joined by commas included. Whatever is malformed is skipped.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110.html#section-11.6.1 | RFC 9110 §11.6.1}
 */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const match = pattern.exec(header);
    if (match !== null) position = pattern.lastIndex;
    return match;
  };
  const skip = /[\s,]*/y;
  const equals = /\s*=\s*/y;
  while (take(skip) !== null && position < header.length) {
    const name = take(token)?.[0].toLowerCase();
    const current = challenges.at(-1);
    if (name === undefined) {
      position++;
    } else if (current !== undefined && take(equals) !== null) {
      const value = take(quoted)?.[1]?.replaceAll(/\\(.)/gs, '$1') ?? take(bare)?.[0] ?? '';
      if (!current.parameters.has(name)) current.parameters.set(name, value);
    } else {
      challenges.push({ scheme: name, parameters: new Map() });
      if (take(/[\t ]+/y) !== null) take(token68);
    }
  }
  return challenges;
}

/** Whether another token may help after a 401 with this header: one without any challenge, or of a scheme of OAuth. */
export function asksForToken(header: string | undefined): boolean {
  if (!header?.trim()) return true;
  return parseChallenges(header).some(({ scheme, parameters }) => {
    const error = parameters.get('error');
    return (scheme === 'bearer' || scheme === 'dpop') && (error === undefined || error === 'invalid_token');
  });
}

/** Whether the same token may help after a 401 with this header, with a proof that holds the API's nonce. */
export function asksForNonce(header: string | undefined): boolean {
  return parseChallenges(header ?? '').some(
    ({ scheme, parameters }) => scheme === 'dpop' && parameters.get('error') === 'use_dpop_nonce',
  );
}
