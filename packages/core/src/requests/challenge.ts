import { parseObject } from '../common/json-object.ts';

/** One challenge of a `WWW-Authenticate` header. Scheme and parameter names are in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const token = /[!#$%&'*+\-.^_`|~\w]+/y;
const token68 = /[\w\-.~+/]+=*(?=[\t ]*(?:,|$))/y;
// A quote that is never closed takes all the rest.
const quoted = /"((?:[^"\\]|\\.)*)(?:"|\\?$)/sy;
const single = /'([^']*)'/y;
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
      const value = take(quoted)?.[1]?.replaceAll(/\\(.)/gs, '$1') ?? take(single)?.[1] ?? take(bare)?.[0] ?? '';
      if (!current.parameters.has(name)) current.parameters.set(name, value);
    } else {
      challenges.push({ scheme: name, parameters: new Map() });
      if (take(/[\t ]+/y) !== null) take(token68);
    }
  }
  return challenges;
}

/** Schemes by which a client proves who it is in another way than by a token. */
const otherSchemes = ['basic', 'digest', 'negotiate', 'ntlm'];
/** What another token does not help against. */
const useless = [
  'insufficient_scope',
  'invalid_request',
  'insufficient_user_authentication',
  'use_dpop_nonce',
  'invalid_dpop_proof',
];

/**
 * Whether another token may help after a 401 with this header: unless it says that it would not, or wants no token at all.
 * APIs name their scheme as they like, and their errors too.
 */
export function asksForToken(header: string | undefined): boolean {
  const challenges = parseChallenges(header ?? '');
  const ofTokens = challenges.filter(({ scheme }) => !otherSchemes.includes(scheme));
  const errors = ofTokens.flatMap(({ parameters }) => parameters.get('error') || []);
  // A scheme that says nothing may only be offered beside the one that says what is wrong.
  if (errors.length > 0) return errors.some((error) => !useless.includes(error));
  return challenges.length === 0 || ofTokens.length > 0;
}

/**
 * The claims that an API wants the next token to have, as JSON; `undefined` where it wants none.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter | OpenID Connect Core 1.0 §5.5}
 */
export function claimsIn(header: string | undefined): string | undefined {
  const challenge = parseChallenges(header ?? '').find(
    ({ parameters }) => parameters.get('error') === 'insufficient_claims' && parameters.has('claims'),
  );
  const value = challenge?.parameters.get('claims') ?? '';
  try {
    const bytes = atob(value.replaceAll('-', '+').replaceAll('_', '/'));
    const text = new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
    return parseObject(text) && text;
  } catch {
    return parseObject(value) && value;
  }
}

/** Whether the same token may help after a 401 with this header, with a proof that holds the API's nonce. */
export function asksForNonce(header: string | undefined): boolean {
  return parseChallenges(header ?? '').some(
    ({ scheme, parameters }) => scheme === 'dpop' && parameters.get('error') === 'use_dpop_nonce',
  );
}
