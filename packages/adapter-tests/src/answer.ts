import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** What an API answers, where it does not do as it always does. */
export interface Answer {
  /** @defaultValue 200 */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** The body, at once or piece by piece. */
  readonly body?: string | Uint8Array | Iterable<string> | AsyncIterable<string>;
  /** Answers before the body of the request is read. */
  readonly early?: boolean;
  /** Answers when this is settled, or never. */
  readonly after?: Promise<unknown>;
  /** Breaks the connection instead. */
  readonly broken?: boolean;
}

/** A 401, with the `WWW-Authenticate` header given; with none where that is `undefined`. */
export function unauthorized(challenge?: string | readonly string[], more: Answer = {}): Answer {
  const headers = { 'content-type': 'application/json', ...(challenge && { 'www-authenticate': challenge }) };
  return { status: 401, headers, body: '{"message":"no"}', ...more };
}

/** A redirect, to an absolute URL or one that is relative to the request's own. */
export function redirect(location: string, status = 302): Answer {
  return { status, headers: { location } };
}

/** Text without an end. */
export function* endless(): Generator<string> {
  for (;;) yield '.'.repeat(16_384);
}

/** Text that comes in drops, without an end. */
export async function* dripping(): AsyncGenerator<string> {
  for (;;) {
    yield '.';
    await sleep(20);
  }
}

/** Text that never comes. */
export async function* withheld(): AsyncGenerator<string> {
  yield await new Promise<string>(() => {});
}

/** Every way in which a body may have no end. */
export const unending: Readonly<Record<string, () => NonNullable<Answer['body']>>> = {
  'has no end': endless,
  drips: dripping,
  'never begins': withheld,
};

/** Writes an answer. A caller that leaves meanwhile is no failure. */
export async function send(response: ServerResponse, { status = 200, headers = {}, body = '' }: Answer): Promise<void> {
  response.writeHead(status, headers as Record<string, string | string[]>);
  if (typeof body === 'string' || body instanceof Uint8Array) response.end(body);
  else {
    response.flushHeaders();
    await pipeline(Readable.from(body), response).catch(() => {});
  }
}
