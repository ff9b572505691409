import { parseArgs } from 'node:util';

/** What a call of the command asks for. */
export interface Arguments {
  /** Which suites; empty for all that have a checkout. */
  readonly names: readonly string[];
  readonly checkouts: readonly Checkout[];
  /** Runs only the test files whose path contains this text. */
  readonly only: string;
  /** Ends a test file after so many milliseconds. */
  readonly limit: number;
}

/** A folder that holds the repository of a client, with its dependencies installed. */
export interface Checkout {
  readonly client: string;
  readonly folder: string;
}

/** @throws Error with a sentence for the user when an argument is malformed, or names what does not exist. */
export function readArguments(
  list: readonly string[],
  suites: readonly { readonly name: string; readonly client: string }[],
): Arguments {
  const { values, positionals } = parseArgs({
    args: [...list],
    allowPositionals: true,
    options: {
      checkout: { type: 'string', multiple: true, default: [] },
      only: { type: 'string', default: '' },
      limit: { type: 'string', default: '300' },
    },
  });
  const names = suites.map(({ name }) => name);
  for (const name of positionals) {
    if (!names.includes(name)) throw new Error(`there is no suite of ${name}: choose from ${names.join(', ')}`);
  }
  const clients = new Set(suites.map(({ client }) => client));
  const seconds = Number(values.limit);
  if (!(seconds > 0)) throw new Error('--limit is a number of seconds, such as --limit 300');
  return {
    names: positionals,
    checkouts: values.checkout.map((text) => readCheckout(text, [...clients])),
    only: values.only,
    limit: seconds * 1_000,
  };
}

function readCheckout(text: string, clients: readonly string[]): Checkout {
  const [client = '', folder = ''] = text.split(/=(.*)/s);
  if (!clients.includes(client) || folder === '')
    throw new Error(`--checkout is <client>=<folder>, such as --checkout ky=../ky; clients are ${clients.join(', ')}`);
  return { client, folder };
}
