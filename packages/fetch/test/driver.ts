import {
  type AdapterUnderTest,
  bodyPromises,
  type Hooks,
  requestInit,
  unsupported,
} from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/fetch';

/** `@tokenline/fetch` around the fetch of Node. */
export const nodeFetch: AdapterUnderTest = {
  name: `fetch of Node ${process.versions.node}`,
  bearerAuth,
  bareClient: () => fetch,
  create({ source, baseUrl, origins = [baseUrl], rules, hooks, attached = 1 }) {
    let client = hooks?.added === 'before' ? withHooks(fetch, hooks) : fetch;
    for (let count = 0; count < attached; count++) client = bearerAuth(client, source, { origins, ...rules });
    if (hooks?.added === 'after') client = withHooks(client, hooks);
    return {
      async request({ url, ...request }) {
        const response = await client(new URL(url, baseUrl), requestInit(request));
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
  bodies: { ...bodyPromises, 'npm form-data': unsupported('fetch sends "[object FormData]"') },
  gaps: {
    'cause of a 401': 'fetch makes no error of a 401',
    'hooks added before': 'a fetch that is wrapped by bearerAuth is there to see every attempt',
    'own retries': 'fetch has none',
    'own time-out': 'fetch has none; a signal that times out is an abort',
    'request without token': 'the fetch that was wrapped is there for that',
    'request with another scope': 'another fetch with source.with({ scope }) is there for that',
  },
};

function withHooks(client: typeof fetch, hooks: Hooks): typeof fetch {
  return async (...parameters) => {
    hooks.saw('request');
    const response = await client(...parameters);
    hooks.saw(response.status);
    return response;
  };
}
