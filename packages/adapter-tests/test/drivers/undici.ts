import { bearerAuth } from '@tokenline/undici';
import type NpmFormData from 'form-data';
import type * as undici from 'undici';
import type { Dispatcher } from 'undici';
import type { AdapterUnderTest, Hooks, RequestUnderTest } from '../../src/adapter.ts';

export type Undici = typeof undici;

type Headers = Record<string, string | string[] | undefined>;

/** `@tokenline/undici` with one version of undici. */
export function undiciAdapter(
  name: string,
  { Agent, FormData: UndiciFormData, interceptors, request: send }: Undici,
): AdapterUnderTest {
  return {
    name,
    bearerAuth,
    bareClient: () => new Agent(),
    create({ source, baseUrl, origins = [baseUrl], retries = 0, timeout, hooks, attached = 1 }) {
      const agent = new Agent({ connections: 64, ...(timeout && { headersTimeout: timeout }) });
      let client: Dispatcher = agent;
      for (let count = 0; count < attached; count++) client = bearerAuth(client, source, { origins });
      client = client.compose(interceptors.redirect({ maxRedirections: 5 }));
      if (retries > 0) client = client.compose(interceptors.retry({ maxRetries: retries, minTimeout: 1 }));
      if (hooks) client = client.compose(hooksInterceptor(hooks));
      return {
        async request({ url, method = 'GET', headers, body, signal }) {
          try {
            const response = await send(new URL(url, baseUrl), {
              dispatcher: client,
              method,
              headers: { ...headersOf(body), ...headers },
              ...(body && { body: bodyOf(body, new UndiciFormData()) as string }),
              ...(signal && { signal }),
            });
            const text = await response.body.text();
            return { status: response.statusCode, headers: response.headers as Record<string, string>, text };
          } catch (error) {
            const { statusCode, headers: received } = error as { statusCode?: number; headers?: Headers };
            if (statusCode === undefined) throw error;
            return { status: statusCode, headers: received as Record<string, string>, text: '', error };
          }
        },
        close: () => agent.destroy(),
      };
    },
    isAbort: (error, reason) => error === reason,
    isTimeout: (error) => (error as { code?: unknown }).code === 'UND_ERR_HEADERS_TIMEOUT',
    bodies: {
      JSON: 'replayed',
      string: 'replayed',
      URLSearchParams: { unsupported: 'undici takes it for an iterable of chunks' },
      Buffer: 'replayed',
      'typed array': 'replayed',
      ArrayBuffer: 'replayed',
      Blob: 'replayed',
      'spec FormData': 'replayed',
      'npm form-data': 'handed over',
      'Node stream': 'handed over',
      'web stream': 'handed over',
      'async iterable': 'handed over',
      generator: 'handed over',
    },
    gaps: {
      'cause of a 401': 'undici makes no error of a 401',
      'hooks added before': 'an interceptor below bearerAuth is there to see every attempt',
      'request without token': 'the dispatcher that was composed is there for that',
      'request with another scope': 'another dispatcher with source.with({ scope }) is there for that',
    },
  };
}

function headersOf(body: RequestUnderTest['body']): Record<string, string> {
  if (body?.kind === 'JSON') return { 'content-type': 'application/json' };
  return body?.kind === 'npm form-data' ? (body.value as NpmFormData).getHeaders() : {};
}

/** undici 8 takes no FormData but its own. */
function bodyOf(
  { kind, value }: NonNullable<RequestUnderTest['body']>,
  form: { set(name: string, value: unknown): void },
): unknown {
  if (kind === 'JSON') return JSON.stringify(value);
  if (kind !== 'spec FormData') return value;
  for (const [name, entry] of value as FormData) form.set(name, entry);
  return form;
}

function hooksInterceptor(hooks: Hooks): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    hooks.saw('request');
    return dispatch(
      options,
      new Proxy(handler, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== 'function') return member;
          if (name !== 'onResponseStart') return member.bind(target) as unknown;
          return (...parameters: unknown[]): unknown => {
            hooks.saw(parameters[1] as number);
            return Reflect.apply(member, target, parameters);
          };
        },
      }),
    );
  };
}
