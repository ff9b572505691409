import { invalidOption } from '../common/errors.ts';

/** What an access token is requested for. */
export interface TokenParameters {
  /** The scope: a string, space-separated where it is several, or a list. Order and duplicates do not matter. @defaultValue none */
  readonly scope?: string | readonly string[] | undefined;
  /** The API or APIs that the token is for, as absolute URIs (RFC 8707). @defaultValue none */
  readonly resource?: string | readonly string[] | undefined;
  /** The API or APIs that the token is for, by the server's own names for them (Auth0, RFC 8693). @defaultValue none */
  readonly audience?: string | readonly string[] | undefined;
  /** Further parameters of the token request. Parameters that the protocol sets are refused. @defaultValue none */
  readonly parameters?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

/** Which token a caller wants, and how long it waits. */
export interface GetTokenOptions {
  /**
   * The value of a token that the API refused: the caller wants another one. Such callers share one token request.
   * @defaultValue none
   */
  readonly rejected?: string | undefined;
  /**
   * The origin of the API that refused it: `https://api.example.com`. One that refuses every token then holds up no renewal
   * for the others.
   * @defaultValue none: all refusals without it count as those of one API
   */
  readonly rejectedBy?: string | undefined;
  /** Ends this caller's wait, with the signal's reason. Other callers go on waiting. @defaultValue none */
  readonly signal?: AbortSignal | undefined;
  /** The claims that the API demands of the next token: a JSON object as text. @defaultValue none */
  readonly claims?: string | undefined;
}

// Each of them is there, so that none is inherited.
const nothing: GetTokenOptions = { rejected: undefined, rejectedBy: undefined, signal: undefined, claims: undefined };

/** Copies the options that the caller gave. */
export function readGetTokenOptions(options: GetTokenOptions | null | undefined): GetTokenOptions {
  if (options === undefined || options === null) return nothing;
  const own = { ...nothing, ...options };
  return own.signal === null ? { ...own, signal: undefined } : own;
}

/** Gets a token with the options of a caller. Rejects for a signal that is none: nobody would notice that it is aborted. */
export function withOptions<T>(
  options: GetTokenOptions | null | undefined,
  get: (own: GetTokenOptions) => Promise<T>,
): Promise<T> {
  const own = readGetTokenOptions(options);
  return own.signal === undefined || typeof own.signal.addEventListener === 'function'
    ? get(own)
    : Promise.reject(invalidOption('signal must be an AbortSignal, such as the signal of an AbortController'));
}

export const parameterNames: readonly (keyof TokenParameters)[] = ['scope', 'resource', 'audience', 'parameters'];

/** {@link TokenParameters} that have been checked and copied. */
export interface RequestedToken {
  readonly scope: string | undefined;
  readonly resource: readonly string[];
  readonly audience: readonly string[];
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  /** Equal for parameters that ask for the same token, and for no others. */
  readonly key: string;
}

/**
 * @param assertFree - throws for the name of a parameter that is not the user's to set.
 * @throws TypeError (`ERR_INVALID_OPTION`) naming the parameter that is malformed.
 */
export function readTokenParameters(options: TokenParameters, assertFree: (name: string) => void): RequestedToken {
  const { parameters = {} } = options;
  // A URLSearchParams or a Map has no entries here, and would be lost silently.
  if (Object.prototype.toString.call(parameters) !== '[object Object]')
    throw invalidOption('parameters must be an object of names and values');
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    assertFree(name);
    list(`parameters.${name}`, value);
  }
  const scopes = list('scope', options.scope).flatMap((value) => value.split(/\s+/).filter(Boolean));
  const [scope, resource, audience] = [
    scopes,
    list('resource', options.resource),
    list('audience', options.audience),
  ].map((values) => [...new Set(values)]) as [string[], string[], string[]];
  // The URI itself is not repeated: it may hold what it should not.
  if (resource.some((value) => !URL.canParse(value) || value.includes('#')))
    throw invalidOption('resource must be an absolute URI without a fragment (RFC 8707)');
  const requested = { resource, audience, parameters: structuredClone(Object.fromEntries(given)) };
  const sorted = { scope: scope.toSorted().join(' '), resource: resource.toSorted(), audience: audience.toSorted() };
  // By name alone: what the order of the values of one parameter means, only the server knows.
  const entries = formOf({ ...requested, ...sorted }).toSorted(
    ([one], [other]) => Number(one > other) - Number(one < other),
  );
  const key = JSON.stringify(entries);
  return { ...requested, scope: scope.join(' ') || undefined, key };
}

/** The parameters as names and values of a form, where a name stands as often as it has values. */
export function formOf({ scope, resource, audience, parameters }: Omit<RequestedToken, 'key'>): [string, string][] {
  return Object.entries({ scope: scope || [], resource, audience, ...parameters }).flatMap(([name, value]) =>
    [value].flat().map((item): [string, string] => [name, item]),
  );
}

function list(name: string, value: string | readonly string[] | undefined): readonly string[] {
  const values = value === undefined ? [] : [value].flat();
  if (values.some((item) => typeof item !== 'string'))
    throw invalidOption(`${name} must be a string or a list of strings`);
  return values;
}
