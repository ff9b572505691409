/** What the tests import in place of the client. All are `file:` URLs. */
export interface Redirection {
  /** The name by which our own code imports the client. */
  readonly client: string;
  /** The client's entry in the checkout, then other files of it that tests take for one. */
  readonly entries: readonly string[];
  /** The folder of the tests. */
  readonly tests: string;
  /** The module that attaches the adapter and exports the client. */
  readonly attached: string;
}

const packages = new URL('../../..', import.meta.url).href;

/** The variable that carries the redirection to the processes of a suite. */
export const variable = 'TOKENLINE_SUITE';

export function readRedirection(): Redirection | undefined {
  const value = process.env[variable];
  return value === undefined ? undefined : (JSON.parse(value) as Redirection);
}

/** Where an import of our own leads: to the client under test, and no copy of it. */
export function entryFor({ client, entries }: Redirection, specifier: string, importer: string): string | undefined {
  return specifier === client && importer.startsWith(packages) ? entries[0] : undefined;
}

/** What a test gets for a file of the checkout. */
export function attachedFor(redirection: Redirection, resolved: string, importer: string): string | undefined {
  const { entries, tests, attached } = redirection;
  return importer.startsWith(tests) && entries.includes(resolved.replace(/\?.*/, '')) ? attached : undefined;
}
