import { bearerAuth } from '@tokenline/undici';
import { Agent, type Dispatcher, FormData as UndiciFormData, interceptors, request } from 'undici';
import { makeBody } from '../body.ts';
import { absoluteTargetOf, type Answered, type Client, headersWithToken, queryOf, type Sent } from '../client.ts';

export const undiciClient: Client = {
  name: 'undici',
  targets: ['string', 'URL'],
  shapes: ['object', 'Headers', 'flat', 'Map'],
  bodies: [
    'string',
    'JSON',
    'Buffer',
    'typed array',
    'ArrayBuffer',
    'Blob',
    'FormData',
    'Node stream',
    'web stream',
    'async iterable',
  ],
  // Its redirect interceptor fails for any answer to such a path, a refusal too.
  isOnce: ({ hookFirst, base, target }) =>
    hookFirst && new URL(`http://own${base}/${target.path}`).pathname.startsWith('//'),
  async send(sent) {
    const { attached, target, method, signal, hookFirst, retries } = sent;
    // Node's own timers are too exact for undici: they are a second late.
    const agent = new Agent({ ...(sent.timesOut && { headersTimeout: 1 }) });
    try {
      const attach = (below: Dispatcher): Dispatcher =>
        attached ? bearerAuth(below, attached.source, attached.options) : below;
      const around = interceptorsOf(sent);
      const redirecting = (below: Dispatcher): Dispatcher => below.compose(...around);
      let dispatcher = hookFirst ? attach(redirecting(agent)) : redirecting(attach(agent));
      if (retries > 0 && !sent.timesOut)
        dispatcher = dispatcher.compose(
          interceptors.retry({ maxRetries: retries, minTimeout: 1, maxTimeout: 1, retryAfter: false }),
        );
      const url = absoluteTargetOf(sent);
      const headers = headersWithToken(sent);
      const options = {
        dispatcher,
        ...(method !== undefined && { method }),
        ...(headers !== undefined && { headers }),
        ...(target.query?.as === 'object' && { query: queryOf(target.query) }),
        ...(sent.body && { body: bodyOf(sent.body) }),
        ...(signal && { signal }),
      };
      return await answered(await request(target.as === 'URL' ? new URL(url) : url, options as object), sent.read);
    } finally {
      await agent.destroy();
    }
  },
};

/** A hook of the user's. */
const adding: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  return dispatch({ ...options, headers: [...flat(options.headers), 'x-hook', 'yes'] }, handler);
};

function interceptorsOf({ hook, redirects, throws, decompress }: Sent): Dispatcher.DispatcherComposeInterceptor[] {
  return [
    ...(hook === 'adds a header' ? [adding] : []),
    ...(redirects === 0 ? [] : [interceptors.redirect({ maxRedirections: redirects ?? 3 })]),
    ...(throws ? [interceptors.responseError()] : []),
    ...(decompress ? [] : [interceptors.decompress()]),
  ];
}

/** Names and values, of headers in whatever shape. */
function flat(headers: Dispatcher.DispatchOptions['headers']): string[] {
  if (Array.isArray(headers)) return headers;
  const pairs =
    Symbol.iterator in (headers ?? {}) ? [...(headers as Iterable<[string, string]>)] : Object.entries(headers ?? {});
  return pairs.flat() as string[];
}

/** undici takes no FormData but its own. */
function bodyOf(body: NonNullable<Sent['body']>): unknown {
  const made = makeBody(body);
  if (body.kind === 'JSON') return JSON.stringify(made);
  if (body.kind !== 'FormData') return made;
  const form = new UndiciFormData();
  for (const [name, value] of made as FormData) form.append(name, value);
  return form;
}

async function answered(
  { statusCode, statusText, headers, trailers, context, body }: Dispatcher.ResponseData & { statusText?: string },
  read: Sent['read'],
): Promise<Answered> {
  const whole = await (read === 'stream' ? body.bytes() : body[read]());
  const { history = [] } = (context ?? {}) as { history?: readonly URL[] };
  return {
    status: statusCode,
    statusText,
    headers: Object.entries(headers),
    body: whole,
    more: { trailers, history: history.map(String) },
  };
}
