import type { BearerAuthOptions, TokenSource } from '@tokenline/core';
import type { Abilities, Case, HeaderValue, Query } from './case.ts';

/** A client that is compared with itself. */
export interface Client extends Abilities {
  readonly name: string;
  /** Whether a request is sent once only, beside that of a stream. */
  isOnce?(given: Case): boolean;
  /** Sends the request of a case, and reads the answer. Rejects as the client itself does. */
  send(request: Sent): Promise<Answered>;
}

/** A case, and where it takes place. */
export interface Sent extends Case {
  readonly own: string;
  readonly foreign: string;
  /** Where the tokens of the attached client come from, and where they may go. The plain client has a header instead. */
  readonly attached: { readonly source: TokenSource; readonly options: BearerAuthOptions } | undefined;
  /** The `Authorization` header of the plain client, unless the request has its own. */
  readonly token: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** What a caller sees of an answer. */
export interface Answered {
  readonly status: number;
  readonly statusText?: string | undefined;
  readonly headers: Iterable<readonly [string, unknown]>;
  readonly body: unknown;
  readonly url?: string | undefined;
  readonly redirected?: boolean | undefined;
  /** What else the client tells. */
  readonly more?: unknown;
}

/** After how many milliseconds a client gives up that nobody answers. */
export const shortest = 20;

/** What a client with a base URL is given. */
export function targetOf({ own, foreign, base, target }: Sent): string {
  if (target.to === 'relative') return target.path;
  return `${target.to === 'foreign' ? foreign : own + base}/${target.path}`;
}

/** What a client without a base URL is given. */
export function absoluteTargetOf(sent: Sent): string {
  return targetOf(sent.target.to === 'relative' ? { ...sent, target: { ...sent.target, to: 'absolute' } } : sent);
}

/** The query of a case, in its own form. */
export function queryOf({ as, pairs }: Query): string | URLSearchParams | Record<string, Query['pairs'][number][1]> {
  if (as === 'object') return Object.fromEntries(pairs);
  const parameters = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]));
  return as === 'string' ? parameters.toString() : parameters;
}

type Given = readonly (readonly [string, HeaderValue])[];

const shapes: Record<string, (list: Given) => unknown> = {
  object: (list) => Object.fromEntries(list),
  Headers: (list) => new Headers(textOf(list)),
  pairs: textOf,
  flat: (list) => textOf(list).flat(),
  Map: (list) => new Map(textOf(list)),
};

function textOf(list: Given): [string, string][] {
  return list.map(([name, value]) => [name, String(value)]);
}

/** Whether a request has a token of its own. */
export function hasOwnToken({ headers }: Case): boolean {
  return headers?.list.some(([name]) => name.toLowerCase() === 'authorization') === true;
}

/** The headers of a case. */
export function headersOf({ headers }: Sent): unknown {
  return headers && shapes[headers.shape]!(headers.list);
}

/** The headers of a case for a client that has no headers of its own, so that those of a plain one hold the token. */
export function headersWithToken(sent: Sent): unknown {
  const { token, headers } = sent;
  if (token === undefined) return headersOf(sent);
  return shapes[headers?.shape ?? 'object']!([...(headers?.list ?? []), ['authorization', token]]);
}

/** Reads a `Response`. */
export async function answeredBy(response: Response, read: Case['read']): Promise<Answered> {
  const { status, statusText, headers, url, redirected } = response;
  const whole = async (): Promise<unknown> => {
    if (read !== 'stream') return response[read === 'bytes' ? 'arrayBuffer' : read]();
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body ?? []) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  return { status, statusText, headers, url, redirected, body: await whole() };
}
