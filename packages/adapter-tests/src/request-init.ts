import type { RequestUnderTest } from './adapter.ts';

/** What `fetch` takes, for a request as the suite has it. */
export function requestInit({ method, headers, body, signal }: Omit<RequestUnderTest, 'url'>): RequestInit {
  const json = body?.kind === 'JSON';
  return {
    ...(method && { method }),
    ...(signal && { signal }),
    headers: { ...(json && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: (json ? JSON.stringify(body.value) : body.value) as BodyInit, duplex: 'half' }),
  };
}
