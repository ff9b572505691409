import { afterEach } from '@jest/globals';
import type { Dispatcher } from 'undici';

/** Destroys after each test whatever dispatchers it was given in it. */
export function useAgents(): <D extends Dispatcher>(dispatcher: D) => D {
  const opened: Dispatcher[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((dispatcher) => dispatcher.destroy()));
  });
  return (dispatcher) => {
    opened.push(dispatcher);
    return dispatcher;
  };
}
