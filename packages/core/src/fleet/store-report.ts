import { builtin } from '../common/builtin.ts';
import type { EventOrigin, StoreFailureReason, StoreOperation } from '../common/events.ts';

/** One operation on a shared store that has ended, as Node's channel `tokenline:store` tells of it. */
export interface StoreReport extends EventOrigin {
  readonly operation: StoreOperation;
  /**
   * What came of it: `hit` or `miss` of a `get`, `granted` or `denied` of a `lease`, `done` of the others; why it failed; or
   * `aborted`, where nobody waits for it any more.
   */
  readonly outcome: 'hit' | 'miss' | 'granted' | 'denied' | 'done' | 'aborted' | Exclude<StoreFailureReason, 'busy'>;
}

interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: StoreReport): void;
}

interface Diagnostics {
  channel(name: string): Channel;
}

let channel: Channel | undefined;

/** Tells those who listen of an operation on a store. */
export function report(origin: EventOrigin, operation: StoreOperation, outcome: StoreReport['outcome']): void {
  channel ??= builtin<Diagnostics>('node:diagnostics_channel')?.channel?.('tokenline:store');
  if (channel?.hasSubscribers === true) channel.publish({ ...origin, operation, outcome });
}

/** What came of an operation that has not failed. */
export function outcomeOf(operation: StoreOperation, result: unknown): StoreReport['outcome'] {
  if (operation === 'get') return result === undefined ? 'miss' : 'hit';
  if (operation === 'lease') return result === true ? 'granted' : 'denied';
  return 'done';
}
