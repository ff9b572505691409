import type { Attributes, ObservableResult } from '@opentelemetry/api';
import type { TokenEvent } from '@tokenline/core';
import { attributesOf } from './attributes.ts';

/** How many tokens are known at most: whoever asks for a scope of its own with each request would have any number of them. */
const most = 100;

interface Expiry {
  readonly attributes: Attributes;
  readonly at: number;
}

/** When the current tokens of this process expire. */
export class Expiries {
  readonly #expiries: Map<string, Expiry> = new Map();

  learn(event: TokenEvent): void {
    const { type, clientId, server, key, scope, time } = event;
    if (type !== 'acquired' && type !== 'store-hit' && type !== 'revoked') return;
    const name = JSON.stringify([clientId, server, key, scope]);
    this.#expiries.delete(name);
    const left = type === 'revoked' ? 0 : event.left;
    const attributes = attributesOf(event, { 'tokenline.scope': scope });
    this.#expiries.set(name, { attributes, at: time + left });
    const [oldest] = this.#expiries.keys();
    if (this.#expiries.size > most) this.#expiries.delete(oldest!);
  }

  readonly observe = (result: ObservableResult): void => {
    for (const { attributes, at } of this.#expiries.values())
      result.observe(Math.max(0, at - Date.now()) / 1_000, attributes);
  };
}
