import { bearerAuth } from '@tokenline/undici';
import { Agent, FormData as UndiciFormData, interceptors, request } from 'undici';
import { makeBody, order } from '../bodies.ts';
import type { Driver } from './client.ts';

export const undiciDriver: Driver = {
  name: 'undici',
  replayed: ['JSON', 'string', 'Uint8Array', 'ArrayBuffer', 'Blob', 'FormData'],
  usedUp: ['stream'],
  create(api, source, options) {
    const agent = new Agent({ connections: 64 });
    const authorized = bearerAuth(agent, source, { origins: [api], ...options });
    const dispatcher = authorized.compose(interceptors.redirect({ maxRedirections: 5 }));
    return {
      async send({ path, body: kind, signal }) {
        const { statusCode, body } = await request(new URL(path, api), {
          dispatcher,
          ...(kind && { method: 'POST', body: bodyOf(kind) as string }),
          ...(kind === 'JSON' && { headers: { 'content-type': 'application/json' } }),
          ...(signal && { signal }),
        });
        return { status: statusCode, text: await body.text() };
      },
      result: (path) => request(new URL(path, api), { dispatcher }),
      close: () => void agent.destroy(),
    };
  },
};

/** undici takes no FormData but its own. */
function bodyOf(kind: Parameters<typeof makeBody>[0]): unknown {
  if (kind !== 'FormData') return makeBody(kind);
  const form = new UndiciFormData();
  form.set('note', order.note);
  form.set('file', new Blob([order.note], { type: 'text/plain' }), 'a.txt');
  return form;
}
