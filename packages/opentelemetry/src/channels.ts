import { channel, tracingChannel } from 'node:diagnostics_channel';
import { diag } from '@opentelemetry/api';
import type { AcquisitionTrace, StoreReport, TokenEvent } from '@tokenline/core';

const ignored = (): void => {};

/** What a subscriber throws ends the process: it is for the log of OpenTelemetry instead. */
function harmless<Message>(listener: (message: Message) => void): (message: Message) => void {
  return (message) => {
    try {
      listener(message);
    } catch (error) {
      diag.error('@tokenline/opentelemetry could not record', error);
    }
  };
}

/** What an acquisition is at its end. */
export interface EndedAcquisition extends AcquisitionTrace {
  /** Set if it failed. */
  readonly error?: unknown;
}

/** Calls back with every event of every token source in this process. Returns what ends that. */
export function onEvent(listener: (event: TokenEvent) => void): () => void {
  return onMessage('tokenline', (message) => listener(message as TokenEvent));
}

/** Calls back with every operation on a shared store in this process. Returns what ends that. */
export function onStoreOperation(listener: (report: StoreReport) => void): () => void {
  return onMessage('tokenline:store', (message) => listener(message as StoreReport));
}

function onMessage(name: string, listener: (message: unknown) => void): () => void {
  const messages = channel(name);
  const listen = harmless(listener);
  messages.subscribe(listen);
  return () => messages.unsubscribe(listen);
}

/** Calls back when an acquisition starts and when it ends, in the asynchronous context of its caller. Returns what ends that. */
export function onAcquisition(
  start: (acquisition: AcquisitionTrace) => void,
  asyncEnd: (acquisition: EndedAcquisition) => void,
): () => void {
  const acquisitions = tracingChannel<unknown, EndedAcquisition>('tokenline:acquire');
  const listeners = {
    start: harmless(start),
    asyncEnd: harmless(asyncEnd),
    end: ignored,
    asyncStart: ignored,
    error: ignored,
  };
  acquisitions.subscribe(listeners);
  return () => {
    acquisitions.unsubscribe(listeners);
  };
}
