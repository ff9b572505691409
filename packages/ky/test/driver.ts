import {
  type AdapterUnderTest,
  bodyPromises,
  type Hooks,
  type Outcome,
  outcomeOf,
  requestInit,
  unsupported,
} from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/ky';
import type { KyInstance } from 'ky';

/** What ky 1 and ky 2 name and pass differently. */
export interface Generation {
  readonly prefix: 'prefix' | 'prefixUrl';
  /** What is left of a refused response. */
  readonly textOf: (error: { response: Response; data?: unknown }) => Promise<string>;
  /** The response, out of what `afterResponse` is called with. */
  readonly responseOf: (...parameters: readonly unknown[]) => Response;
}

export const ky2: Generation = {
  prefix: 'prefix',
  textOf: async ({ data = '' }) => (typeof data === 'string' ? data : JSON.stringify(data)),
  responseOf: (state) => (state as { response: Response }).response,
};

export const ky1: Generation = {
  prefix: 'prefixUrl',
  textOf: ({ response }) => response.text(),
  responseOf: (_request, _options, response) => response as Response,
};

/** `@tokenline/ky` with one version of ky. */
export function kyAdapter(name: string, ky: KyInstance, generation: Generation): AdapterUnderTest {
  return {
    name,
    bearerAuth,
    bareClient: () => ky.create({}),
    create({ source, baseUrl, origins, rules, retries = 0, timeout, hooks, attached = 1 }) {
      let client = ky.create({
        [generation.prefix]: baseUrl,
        timeout: timeout ?? false,
        retry: { limit: retries, delay: () => 1 },
        ...(hooks?.added === 'before' && kyHooks(hooks, generation)),
      });
      for (let count = 0; count < attached; count++)
        client = bearerAuth(client, source, { ...(origins && { origins }), ...rules });
      if (hooks?.added === 'after') client = client.extend(kyHooks(hooks, generation));
      return {
        async request({ url, bearerAuth: context, ...request }) {
          const { body, ...init } = requestInit(request);
          const options = {
            ...init,
            ...(request.body?.kind === 'JSON' ? { json: request.body.value } : body !== undefined && { body }),
            ...(context !== undefined && { context: { bearerAuth: context } }),
          };
          const input = url.startsWith('/') ? url.slice(1) : new URL(url);
          const answer = client(input, options).then(async (response) => answerOf(response, await response.text()));
          return outcomeOf(answer, async (error) => {
            const { response, data } = error as { response?: Response; data?: unknown };
            return response && answerOf(response, await generation.textOf({ response, data }));
          });
        },
        async close() {},
      };
    },
    isAbort: (error, reason) => error === reason,
    isTimeout: (error) => (error as { name?: unknown }).name === 'TimeoutError',
    bodies: { ...bodyPromises, 'npm form-data': unsupported('fetch sends "[object FormData]"') },
    gaps: {},
  };
}

function answerOf({ status, headers }: Response, text: string): Outcome {
  return { status, headers: Object.fromEntries(headers), text };
}

function kyHooks(hooks: Hooks, { responseOf }: Generation): object {
  return {
    hooks: {
      beforeRequest: [() => hooks.saw('request')],
      afterResponse: [(...parameters: unknown[]) => hooks.saw(responseOf(...parameters).status)],
    },
  };
}
