import { Agent } from 'node:http';
import {
  type AdapterUnderTest,
  bodyPromises,
  type Hooks,
  type Outcome,
  outcomeOf,
  unsupported,
} from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/axios';
import type { AxiosInstance, AxiosResponse, AxiosStatic } from 'axios';

type Transport = 'http' | 'fetch';

/** `@tokenline/axios` with one version of axios and one of its own adapters. */
export function axiosAdapter(axios: AxiosStatic, transport: Transport = 'http'): AdapterUnderTest {
  return {
    name: `axios ${axios.VERSION}${transport === 'fetch' ? ' over fetch' : ''}`,
    bearerAuth,
    bareClient: () => axios.create(),
    create({ source, baseUrl, origins, rules, timeout = 0, hooks, attached = 1 }) {
      const httpAgent = new Agent({ keepAlive: true, maxSockets: 64 });
      const client = axios.create({ baseURL: baseUrl, adapter: transport, httpAgent, timeout });
      if (hooks?.added === 'before') addHooks(client, hooks);
      for (let count = 0; count < attached; count++)
        bearerAuth(client, source, { ...(origins && { origins }), ...rules });
      if (hooks?.added === 'after') addHooks(client, hooks);
      return {
        async request({ body, ...request }) {
          const response = client.request<string>({
            ...request,
            ...(body && { data: body.value }),
            responseType: 'text',
            transformResponse: (data: string) => data,
          });
          return outcomeOf(response.then(answerOf), (error) => {
            const failed = error as { response?: AxiosResponse<string> };
            return failed.response && answerOf(failed.response);
          });
        },
        close: async () => httpAgent.destroy(),
      };
    },
    isAbort: (error) => (error as { code?: unknown }).code === 'ERR_CANCELED',
    isTimeout: (error) => ['ECONNABORTED', 'ETIMEDOUT'].includes((error as { code: string }).code),
    bodies: {
      ...bodyPromises,
      ...(transport === 'http'
        ? { 'web stream': unsupported('its http adapter takes no web stream') }
        : { 'npm form-data': unsupported('fetch sends "[object FormData]"') }),
      'async iterable': unsupported('axios serialises it as JSON'),
      generator: unsupported('axios serialises it as JSON'),
    },
    gaps: {
      'answer without an end': 'axios reads an answer to its end before it shows it',
      'own retries': 'axios has none',
      ...(transport === 'http' && {
        'redirects with a proof': 'follow-redirects leaves no time to make one',
        'upload without an end': 'follow-redirects keeps all that was uploaded',
      }),
    },
  };
}

function answerOf({ status, headers, data }: AxiosResponse<string>): Outcome {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  return { status, headers: Object.fromEntries(entries), text: data };
}

function addHooks(client: AxiosInstance, hooks: Hooks): void {
  client.interceptors.request.use((config) => {
    hooks.saw('request');
    return config;
  });
  client.interceptors.response.use(
    (response) => {
      hooks.saw(response.status);
      return response;
    },
    (error: Error & { response?: AxiosResponse }) => {
      if (error.response) hooks.saw(error.response.status);
      return Promise.reject(error);
    },
  );
}
