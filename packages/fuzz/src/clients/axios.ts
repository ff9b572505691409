import { bearerAuth } from '@tokenline/axios';
import axios, { AxiosHeaders, type AxiosRequestConfig, type AxiosResponse } from 'axios';
import { makeBody } from '../body.ts';
import { type Answered, type Client, headersOf, queryOf, shortest, targetOf } from '../client.ts';

const responseTypes = { text: 'text', json: 'json', bytes: 'arraybuffer', stream: 'stream' } as const;

/** axios over one of its own adapters. */
export function axiosOver(adapter: 'http' | 'fetch'): Client {
  return {
    name: `axios over ${adapter}`,
    targets: adapter === 'http' ? ['string', 'URL'] : ['string'],
    shapes: ['object', 'Headers', 'AxiosHeaders'],
    bodies: [
      ...(['string', 'JSON', 'URLSearchParams', 'Buffer', 'typed array', 'ArrayBuffer', 'Blob', 'FormData'] as const),
      adapter === 'http' ? 'Node stream' : 'web stream',
    ],
    async send(sent) {
      const { own, base, target, method, attached, token, body, headers, hook, hookFirst, ...rest } = sent;
      const client = axios.create({
        adapter,
        // With one, axios fails for what is an object.
        ...((target.as === 'string' || target.to === 'relative') && { baseURL: own + base }),
        ...(token && { headers: { Authorization: token } }),
      });
      const attach = (): unknown => attached && bearerAuth(client, attached.source, attached.options);
      if (!hookFirst) attach();
      if (hook !== 'none') {
        client.interceptors.request.use((config) => {
          if (hook === 'adds a header') config.headers.set('X-Hook', 'yes');
          return config;
        });
        client.interceptors.response.use((response) => response);
      }
      if (hookFirst) attach();
      const url = targetOf(sent);
      const { query } = target;
      const config = {
        url: target.as === 'URL' && target.to !== 'relative' ? new URL(url) : url,
        ...(method !== undefined && { method }),
        ...(query && {
          params: query.as === 'string' ? new URLSearchParams(queryOf(query) as string) : queryOf(query),
        }),
        ...(headers && {
          headers:
            headers.shape === 'AxiosHeaders'
              ? new AxiosHeaders(headersOf({ ...sent, headers: { ...headers, shape: 'object' } }) as AxiosHeaders)
              : headersOf(sent),
        }),
        ...(body && { data: makeBody(body) }),
        ...(rest.timesOut && { timeout: shortest }),
        ...(rest.redirects !== undefined && { maxRedirects: rest.redirects }),
        ...(!rest.throws && { validateStatus: null }),
        ...(rest.signal && { signal: rest.signal }),
        decompress: rest.decompress,
        responseType: responseTypes[rest.read],
      };
      return answered(await client.request(config as AxiosRequestConfig));
    },
  };
}

async function answered({ status, statusText, headers, data, request }: AxiosResponse<unknown>): Promise<Answered> {
  const streamed = typeof data === 'object' && data !== null && Symbol.asyncIterator in data;
  const chunks: Uint8Array[] = [];
  if (streamed) for await (const chunk of data as AsyncIterable<Uint8Array>) chunks.push(chunk);
  const { res, responseURL } = (request ?? {}) as { res?: { responseUrl?: string }; responseURL?: string };
  return {
    status,
    statusText,
    headers: Object.entries(headers),
    body: streamed ? Buffer.concat(chunks) : data,
    url: res?.responseUrl ?? responseURL,
  };
}
