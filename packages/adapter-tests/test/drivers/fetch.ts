import { bearerAuth } from '@tokenline/fetch';
import type { AdapterUnderTest, Hooks, RequestUnderTest } from '../../src/adapter.ts';

const unsupported = (reason: string): { unsupported: string } => ({ unsupported: reason });

/** `@tokenline/fetch` around a fetch. */
export function fetchAdapter(name: string, bareFetch: typeof fetch): AdapterUnderTest {
  return {
    name,
    bearerAuth,
    bareClient: () => bareFetch,
    create({ source, baseUrl, origins = [baseUrl], hooks, attached = 1 }) {
      let client = hooks?.added === 'before' ? withHooks(bareFetch, hooks) : bareFetch;
      for (let count = 0; count < attached; count++) client = bearerAuth(client, source, { origins });
      if (hooks?.added === 'after') client = withHooks(client, hooks);
      return {
        async request({ url, ...request }) {
          const response = await client(new URL(url, baseUrl), initOf(request));
          return {
            status: response.status,
            headers: Object.fromEntries(response.headers),
            text: await response.text(),
          };
        },
        async close() {},
      };
    },
    isAbort: (error, reason) => error === reason,
    isTimeout: () => false,
    bodies: {
      JSON: 'replayed',
      string: 'replayed',
      URLSearchParams: 'replayed',
      Buffer: 'replayed',
      'typed array': 'replayed',
      ArrayBuffer: 'replayed',
      Blob: 'replayed',
      'spec FormData': 'replayed',
      'npm form-data': unsupported('fetch sends "[object FormData]"'),
      'Node stream': 'handed over',
      'web stream': 'handed over',
      'async iterable': 'handed over',
      generator: 'handed over',
    },
    gaps: {
      'cause of a 401': 'fetch makes no error of a 401',
      'hooks added before': 'a fetch that is wrapped by bearerAuth is there to see every attempt',
      'own retries': 'fetch has none',
      'own time-out': 'fetch has none; a signal that times out is an abort',
      'request without token': 'the fetch that was wrapped is there for that',
      'request with another scope': 'another fetch with source.with({ scope }) is there for that',
    },
  };
}

/** What `fetch` takes, for a request as the suite has it. */
export function initOf({ method, headers, body, signal }: Omit<RequestUnderTest, 'url'>): RequestInit {
  const json = body?.kind === 'JSON';
  return {
    ...(method && { method }),
    ...(signal && { signal }),
    headers: { ...(json && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: (json ? JSON.stringify(body.value) : body.value) as BodyInit, duplex: 'half' }),
  };
}

function withHooks(client: typeof fetch, hooks: Hooks): typeof fetch {
  return async (...parameters) => {
    hooks.saw('request');
    const response = await client(...parameters);
    hooks.saw(response.status);
    return response;
  };
}
