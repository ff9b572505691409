import type { Attributes } from '@opentelemetry/api';

/** Whose tokens it is about, as events and traces of core say it. */
export interface Origin {
  readonly clientId?: string;
  readonly server?: string;
  readonly key?: string | undefined;
}

/** More characters of a text are not recorded. */
const longest = 200;

/** Attributes that say whose tokens it is about, of a URL the host alone, and `more`; without those that have no value. */
export function attributesOf({ clientId, server, key }: Origin, more: Attributes = {}): Attributes {
  const address = server !== undefined && URL.canParse(server) ? new URL(server).hostname : undefined;
  const all = { 'tokenline.client.id': clientId, 'server.address': address, 'tokenline.key': key, ...more };
  return Object.fromEntries(
    Object.entries(all)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'string' ? cut(value) : value]),
  );
}

/** The start of a text that may be of any length. */
export function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
