import { invalidOption } from '../common/errors.ts';
import type { TokenParameters } from '../source/options.ts';
import { assertFree } from '../common/protocol-parameters.ts';

/** {@link TokenParameters} as they go on the wire: name and value, a name as often as it has values. */
export interface TokenRequestParameters {
  readonly scope: string | undefined;
  readonly entries: readonly (readonly [name: string, value: string])[];
  /** The same for all parameters that ask for the same token, and for no others. */
  readonly key: string;
}

/**
 * @param grant - the names of the parameters that the grant sets.
 * @throws TypeError (`ERR_INVALID_OPTION`) naming the parameter that is malformed.
 */
export function readTokenParameters(options: TokenParameters, grant: readonly string[]): TokenRequestParameters {
  const scope = [
    ...new Set(
      list('scope', options.scope)
        .flatMap((value) => value.split(/\s+/))
        .filter(Boolean),
    ),
  ];
  const entries: [string, string][] = [];
  if (scope.length > 0) entries.push(['scope', scope.join(' ')]);
  for (const value of new Set(list('resource', options.resource))) {
    if (!URL.canParse(value) || value.includes('#')) {
      throw invalidOption(`resource must be an absolute URI without a fragment (RFC 8707), not "${value}"`);
    }
    entries.push(['resource', value]);
  }
  for (const value of new Set(list('audience', options.audience))) entries.push(['audience', value]);
  const { parameters = {} } = options;
  // A URLSearchParams or a Map would have no entries here, and be lost without a word.
  if (Object.prototype.toString.call(parameters) !== '[object Object]') {
    throw invalidOption('parameters must be an object of names and values');
  }
  for (const [name, value] of Object.entries(parameters)) {
    assertFree(name, grant);
    for (const item of list(`parameters.${name}`, value)) entries.push([name, item]);
  }
  const canonical = entries.map(([name, value]) =>
    JSON.stringify([name, name === 'scope' ? scope.toSorted().join(' ') : value]),
  );
  return { scope: scope.join(' ') || undefined, entries, key: JSON.stringify(canonical.toSorted()) };
}

function list(name: string, value: string | readonly string[] | undefined): readonly string[] {
  const values = value === undefined ? [] : typeof value === 'string' ? [value] : value;
  if (!Array.isArray(values) || values.some((item) => typeof item !== 'string')) {
    throw invalidOption(`${name} must be a string or a list of strings`);
  }
  return values;
}
