import {
  type AdapterUnderTest,
  bodyPromises,
  type Hooks,
  type Outcome,
  outcomeOf,
  type RequestUnderTest,
  unsupported,
} from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/undici';
import type * as undici from 'undici';
import type { Dispatcher } from 'undici';

export type Undici = typeof undici;

/** What an answer has, and an error that undici makes of one. */
interface Received {
  readonly statusCode: number;
  readonly headers: unknown;
}

/** `@tokenline/undici` with one version of undici. */
export function undiciAdapter(
  name: string,
  { Agent, FormData: UndiciFormData, interceptors, request: send }: Undici,
): AdapterUnderTest {
  return {
    name,
    bearerAuth,
    bareClient: () => new Agent(),
    create({ source, baseUrl, origins = [baseUrl], rules, retries = 0, timeout, hooks, attached = 1 }) {
      const agent = new Agent({ connections: 64, ...(timeout && { headersTimeout: timeout }) });
      let client: Dispatcher = agent;
      for (let count = 0; count < attached; count++) client = bearerAuth(client, source, { origins, ...rules });
      client = client.compose(interceptors.redirect({ maxRedirections: 5 }));
      if (retries > 0) client = client.compose(interceptors.retry({ maxRetries: retries, minTimeout: 1 }));
      if (hooks) client = client.compose(hooksInterceptor(hooks));
      return {
        async request({ url, method = 'GET', headers, body, signal }) {
          const response = send(new URL(url, baseUrl), {
            dispatcher: client,
            method,
            headers: { ...headersOf(body), ...headers },
            ...(body && { body: bodyOf(body, new UndiciFormData()) as string }),
            ...(signal && { signal }),
          });
          const answer = response.then(async (received) => answerOf(received, await received.body.text()));
          return outcomeOf(answer, (error) => {
            const { statusCode, headers: received } = error as Partial<Received>;
            return statusCode === undefined ? undefined : answerOf({ statusCode, headers: received }, '');
          });
        },
        close: () => agent.destroy(),
      };
    },
    isAbort: (error, reason) => error === reason,
    isTimeout: (error) => (error as { code?: unknown }).code === 'UND_ERR_HEADERS_TIMEOUT',
    bodies: { ...bodyPromises, URLSearchParams: unsupported('undici takes it for an iterable of chunks') },
    gaps: {
      'cause of a 401': 'undici makes no error of a 401',
      'redirects back': 'to a dispatcher, each redirect of an interceptor above it is a request of its own',
      'hooks added before': 'an interceptor below bearerAuth is there to see every attempt',
      'request without token': 'the dispatcher that was composed is there for that',
      'request with another scope': 'another dispatcher with source.with({ scope }) is there for that',
    },
  };
}

function answerOf({ statusCode, headers }: Received, text: string): Outcome {
  return { status: statusCode, headers: headers as Record<string, string>, text };
}

function headersOf(body: RequestUnderTest['body']): Record<string, string> {
  if (body?.kind === 'JSON') return { 'content-type': 'application/json' };
  return body?.kind === 'npm form-data' ? (body.value as { getHeaders(): Record<string, string> }).getHeaders() : {};
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
