// A worker that is a script, as edge-runtime has it.
import { handle } from './worker.ts';

interface FetchEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const listen = addEventListener as (type: 'fetch', listener: (event: FetchEvent) => void) => void;
listen('fetch', (event) => event.respondWith(handle(event.request)));
