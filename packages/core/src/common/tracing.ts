import { builtin } from './builtin.ts';
import type { EventOrigin, TokenEventDetails } from './events.ts';

/**
 * One acquisition of a token, as Node's tracing channel `tokenline:acquire` tells of it. When the acquisition fails, `error`
 * is added, as in every tracing channel. Nothing in it is a credential.
 */
export interface AcquisitionTrace extends EventOrigin {
  /** The requested scope, space-separated. */
  readonly scope: string | undefined;
  /** The number that the events of this acquisition have, too. */
  readonly acquisition: number;
  /** Whether no caller waits for it. */
  readonly background: boolean;
  /** The latest event of the acquisition; when it is over, how it ended. */
  event?: TokenEventDetails;
  /** A subscriber of `start` may set this: the acquisition then runs inside it, in an asynchronous context of the subscriber's. */
  run?: <T>(work: () => Promise<T>) => Promise<T>;
}

interface Channel {
  readonly hasSubscribers: boolean;
  tracePromise<T>(work: () => Promise<T>, message: object): Promise<T>;
}

interface Diagnostics {
  tracingChannel(name: string): Channel;
}

let channel: Channel | undefined;

/** Does the work of an acquisition, and tells those who trace it. */
export async function traced<T>(trace: AcquisitionTrace, work: () => Promise<T>): Promise<T> {
  // Found without an import so that core stays free of `node:`.
  channel ??= builtin<Diagnostics>('node:diagnostics_channel')?.tracingChannel?.('tokenline:acquire');
  if (channel?.hasSubscribers !== true) return work();
  let result: Promise<T> | undefined;
  // What this promise brings becomes part of the message: not the token.
  const silent = async (): Promise<void> => {
    await (result = trace.run === undefined ? work() : trace.run(work));
  };
  await channel.tracePromise(silent, trace);
  return result!;
}
