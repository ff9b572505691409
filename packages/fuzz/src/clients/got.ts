import { buffer } from 'node:stream/consumers';
import { bearerAuth } from '@tokenline/got';
import got, { type Got, type OptionsInit, type PlainResponse, type Response } from 'got';
import { makeBody } from '../body.ts';
import { type Answered, type Client, headersOf, queryOf, type Sent, shortest, targetOf } from '../client.ts';

const responseTypes = { text: 'text', json: 'json', bytes: 'buffer', stream: 'buffer' } as const;

export const gotClient: Client = {
  name: 'got',
  targets: ['string', 'URL'],
  shapes: ['object'],
  // Not `FormData`, which Node makes a stream of: one that is given up breaks the process (24.21).
  bodies: ['string', 'JSON', 'form', 'Buffer', 'typed array', 'Node stream', 'async iterable'],
  // What the caller reads as a stream cannot begin anew.
  isOnce: ({ read }) => read === 'stream',
  async send(sent) {
    const { own, base, target, read, attached, token } = sent;
    const url = targetOf(sent);
    const hooks = hooksOf(sent.hook);
    let client: Got = got.extend({
      // got puts it in front of absolute URLs as well.
      prefixUrl: target.to === 'relative' ? own + base : '',
      ...(token && { headers: { authorization: token } }),
      ...(sent.hookFirst && hooks),
    });
    if (attached) client = bearerAuth(client, attached.source, attached.options);
    if (!sent.hookFirst && hooks) client = client.extend(hooks);
    const input = target.as === 'URL' && target.to !== 'relative' ? new URL(url) : url;
    const options = optionsOf(sent);
    if (read !== 'stream') {
      const response: unknown = await client(input, options as OptionsInit);
      return answered(response as Response);
    }
    const stream = client.stream(input, options as OptionsInit);
    let response: PlainResponse | undefined;
    stream.on('response', (received: PlainResponse) => {
      response = received;
    });
    // What is not written is not sent.
    if (!sent.body && !/^(get|head)$/i.test(sent.method ?? 'get')) stream.end();
    const body = await buffer(stream);
    return answered({ ...pick(response!), body });
  },
};

function optionsOf(sent: Sent): object {
  const { method, body, retries, redirects, signal, ...rest } = sent;
  const { query } = rest.target;
  const headers = headersOf(sent);
  return {
    ...(method !== undefined && { method }),
    ...(headers !== undefined && { headers }),
    ...(query && { searchParams: queryOf(query) }),
    ...(body && { [body.kind === 'JSON' ? 'json' : body.kind === 'form' ? 'form' : 'body']: makeBody(body) }),
    ...(signal && { signal }),
    ...(rest.timesOut && { timeout: { request: shortest } }),
    ...(redirects === 0 ? { followRedirect: false } : redirects !== undefined && { maxRedirects: redirects }),
    retry: {
      limit: rest.timesOut ? 0 : retries,
      calculateDelay: ({ computedValue }: { computedValue: number }) => (computedValue > 0 ? 1 : 0),
    },
    throwHttpErrors: rest.throws,
    decompress: rest.decompress,
    ...(rest.read !== 'stream' && { responseType: responseTypes[rest.read] }),
  };
}

function hooksOf(hook: Sent['hook']): OptionsInit | undefined {
  if (hook === 'none') return undefined;
  return {
    hooks: {
      beforeRequest: [
        (options) => {
          if (hook === 'adds a header') options.headers['x-hook'] = 'yes';
        },
      ],
      beforeError: [(error) => error],
      afterResponse: [(response) => response],
    },
  };
}

function pick({ statusCode, statusMessage, headers, url, redirectUrls, retryCount }: PlainResponse): object {
  return { statusCode, statusMessage, headers, url, redirectUrls, retryCount };
}

function answered(response: Partial<Response>): Answered {
  const { statusCode, statusMessage, headers, url, redirectUrls, retryCount, body } = response;
  return {
    status: statusCode ?? 0,
    statusText: statusMessage,
    headers: Object.entries(headers ?? {}),
    url,
    body,
    more: { redirectUrls: redirectUrls?.map(String), retryCount },
  };
}
