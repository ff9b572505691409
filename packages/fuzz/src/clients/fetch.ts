import { bearerAuth } from '@tokenline/fetch';
import { makeBody } from '../body.ts';
import { absoluteTargetOf, answeredBy, type Client, headersWithToken, shortest, type Sent } from '../client.ts';

export const fetchClient: Client = {
  name: 'fetch',
  targets: ['string', 'URL', 'Request'],
  shapes: ['object', 'Headers', 'pairs'],
  bodies: [
    ...(['string', 'JSON', 'URLSearchParams', 'Buffer', 'typed array', 'ArrayBuffer', 'Blob', 'FormData'] as const),
    ...(['web stream', 'async iterable'] as const),
  ],
  async send(sent) {
    const { attached, target, read } = sent;
    const send = attached ? bearerAuth(fetch, attached.source, attached.options) : fetch;
    const url = absoluteTargetOf(sent);
    const init = initOf(sent);
    if (target.as === 'Request') return answeredBy(await send(new Request(url, init)), read);
    return answeredBy(await send(target.as === 'URL' ? new URL(url) : url, init), read);
  },
};

function initOf(sent: Sent): RequestInit {
  const { method, body, redirects, timesOut } = sent;
  const headers = headersWithToken(sent) as HeadersInit | undefined;
  const signal = timesOut ? AbortSignal.timeout(shortest) : sent.signal;
  const made = body && makeBody(body);
  return {
    ...(method !== undefined && { method }),
    ...(headers !== undefined && { headers }),
    ...(body && { body: (body.kind === 'JSON' ? JSON.stringify(made) : made) as BodyInit, duplex: 'half' }),
    ...(signal && { signal }),
    ...(redirects === 0 && { redirect: 'manual' }),
    ...(redirects === 1 && { redirect: 'error' }),
  };
}
