import type { Attributes } from '@opentelemetry/api';

/** Whose tokens it is about, as events and traces of core say it. */
interface Origin {
  readonly clientId?: string;
  readonly server?: string;
  readonly key?: string | undefined;
}

/** Attributes that say whose tokens it is about: of a URL they hold the host alone. */
export function attributesOf({ clientId, server, key }: Origin): Attributes {
  const address = server !== undefined && URL.canParse(server) ? new URL(server).hostname : undefined;
  return defined({ 'tokenline.client.id': clientId, 'server.address': address, 'tokenline.key': key });
}

/** Without those that have no value. */
export function defined(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
