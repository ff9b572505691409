import { Agent } from 'node:http';
import {
  type AdapterUnderTest,
  bodyPromises,
  type Hooks,
  type Outcome,
  outcomeOf,
  type RequestUnderTest,
  unsupported,
} from '@tokenline/adapter-tests/suite';
import { bearerAuth } from '@tokenline/got';
import type { ExtendOptions, Got, OptionsOfTextResponseBody, Response } from 'got';

/** `@tokenline/got` with one version of got. */
export function gotAdapter(name: string, got: Got, bodies: Partial<AdapterUnderTest['bodies']>): AdapterUnderTest {
  return {
    name,
    bearerAuth,
    bareClient: () => got.extend({}),
    create({ source, baseUrl, origins, rules, retries = 0, timeout, hooks, attached = 1 }) {
      const http = new Agent({ keepAlive: true, maxSockets: 64 });
      let client = got.extend({
        prefixUrl: baseUrl,
        agent: { http },
        retry: { limit: retries, backoffLimit: 1 },
        ...(timeout && { timeout: { request: timeout } }),
        ...(hooks?.added === 'before' && gotHooks(hooks)),
      });
      for (let count = 0; count < attached; count++)
        client = bearerAuth(client, source, { ...(origins && { origins }), ...rules });
      if (hooks?.added === 'after') client = client.extend(gotHooks(hooks));
      return {
        async request({ url, bearerAuth: context, ...request }) {
          // got 14 puts its prefixUrl in front of absolute URLs as well.
          const [path, prefix] = url.startsWith('/') ? [url.slice(1), {}] : [url, { prefixUrl: '' }];
          const response = client(path, { ...optionsOf(request, context), ...prefix, resolveBodyOnly: false });
          return outcomeOf(response.then(answerOf), (error) => {
            const failed = error as { name: string; response?: Response<string> };
            return failed.name === 'HTTPError' && failed.response ? answerOf(failed.response) : undefined;
          });
        },
        close: async () => http.destroy(),
      };
    },
    isAbort: (error, reason) => error === reason || (error as { name?: unknown }).name === 'AbortError',
    isTimeout: (error) => (error as { name?: unknown }).name === 'TimeoutError',
    bodies: {
      ...bodyPromises,
      ArrayBuffer: unsupported('got takes views only'),
      Blob: unsupported('got takes Node streams, buffers and generators'),
      'spec FormData': 'handed over',
      ...bodies,
    },
    gaps: {},
  };
}

function optionsOf(
  { method, headers, body, signal }: Omit<RequestUnderTest, 'url'>,
  context: RequestUnderTest['bearerAuth'],
): OptionsOfTextResponseBody {
  const { kind, value } = body ?? {};
  const form = kind === 'URLSearchParams' && { form: Object.fromEntries(value as URLSearchParams) };
  return {
    responseType: 'text',
    ...(method && { method }),
    ...(headers && { headers }),
    ...(signal && { signal }),
    ...(context !== undefined && { context: { bearerAuth: context } }),
    ...(form || (kind === 'JSON' ? { json: value } : kind && { body: value })),
  } as OptionsOfTextResponseBody;
}

function answerOf({ statusCode, headers, body }: Response<string>): Outcome {
  return { status: statusCode, headers: headers as Record<string, string>, text: body };
}

function gotHooks(hooks: Hooks): ExtendOptions {
  return {
    hooks: {
      beforeRequest: [() => hooks.saw('request')],
      afterResponse: [
        (response) => {
          hooks.saw(response.statusCode);
          return response;
        },
      ],
    },
  };
}
