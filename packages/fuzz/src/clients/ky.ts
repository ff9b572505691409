import { bearerAuth } from '@tokenline/ky';
import ky, { type Hooks, type KyInstance, type Options } from 'ky';
import { makeBody } from '../body.ts';
import { answeredBy, type Client, headersOf, queryOf, type Sent, shortest, targetOf } from '../client.ts';

export const kyClient: Client = {
  name: 'ky',
  targets: ['string', 'URL', 'Request'],
  shapes: ['object', 'Headers', 'pairs'],
  bodies: [
    'string',
    'JSON',
    'URLSearchParams',
    'Buffer',
    'typed array',
    'ArrayBuffer',
    'Blob',
    'FormData',
    'web stream',
  ],
  async send(sent) {
    const { own, base, target, attached, token, hook, hookFirst, read } = sent;
    const hooks = { hooks: hooksOf(hook) };
    let client: KyInstance = ky.create({
      prefix: own + base,
      ...(token && { headers: { authorization: token } }),
      ...(hookFirst && hooks),
    });
    if (attached) client = bearerAuth(client, attached.source, attached.options);
    if (!hookFirst) client = client.extend(hooks);
    const url = targetOf(sent);
    const options = optionsOf(sent);
    if (target.to === 'relative' || target.as === 'string') return answeredBy(await client(url, options), read);
    if (target.as === 'URL') return answeredBy(await client(new URL(url), options), read);
    // What makes the request is what ky leaves to it.
    const { method, body, headers, signal, json: _, ...more } = options;
    const init = { method, body, headers, signal, duplex: 'half' } as RequestInit;
    return answeredBy(await client(new Request(url, init), more), read);
  },
};

function optionsOf(sent: Sent): Options {
  const { method, body, retries, redirects, signal, target, timesOut, throws } = sent;
  const headers = headersOf(sent);
  return {
    ...(method !== undefined && { method }),
    ...(headers !== undefined && { headers }),
    ...(target.query && { searchParams: queryOf(target.query) }),
    ...(body && { [body.kind === 'JSON' ? 'json' : 'body']: makeBody(body), duplex: 'half' }),
    ...(signal && { signal }),
    ...(redirects === 0 && { redirect: 'manual' }),
    ...(redirects === 1 && { redirect: 'error' }),
    timeout: timesOut ? shortest : false,
    retry: { limit: timesOut ? 0 : retries, delay: () => 1, backoffLimit: 1, maxRetryAfter: 1 },
    throwHttpErrors: throws,
  } as unknown as Options;
}

function hooksOf(hook: Sent['hook']): Hooks {
  if (hook === 'none') return {};
  return {
    beforeRequest: [
      ({ request }) => {
        if (hook === 'adds a header') request.headers.set('x-hook', 'yes');
      },
    ],
    afterResponse: [({ response }) => response],
    beforeError: [({ error }) => error],
  };
}
