import { createHash } from 'node:crypto';
import type { Servers } from './servers.ts';

/** What is told of an error. */
export interface Described {
  readonly name: string;
  readonly code: string | undefined;
  readonly message: string;
  readonly status: number | undefined;
  readonly body?: string;
  readonly cause?: Described | string | undefined;
}

/** An error and its causes. */
export function describe(error: unknown, depth = 0): unknown {
  if (typeof error !== 'object' || error === null) return error;
  const { name, code, message, status, statusCode, response, cause } = error as Record<string, unknown>;
  const { status: answered, statusCode: coded, body, data } = (response ?? {}) as Record<string, unknown>;
  return {
    name,
    code,
    message,
    status: status ?? statusCode ?? answered ?? coded,
    ...(typeof (body ?? data) === 'string' && { body: body ?? data }),
    ...(cause !== undefined && depth < 5 && { cause: describe(cause, depth + 1) }),
  };
}

/** Leaves out what differs from one run to the next: ports, and the boundaries of forms. */
export function normalised({ own, foreign, seen }: Servers): (value: unknown) => unknown {
  const text = (value: string): string => {
    const told = value
      .replaceAll(own.slice(7), 'own')
      .replaceAll(foreign.slice(7), 'foreign')
      .replaceAll(new URL(own).port, 'PORT')
      .replaceAll(new URL(foreign).port, 'PORT');
    return boundaries.reduce((masked, boundary) => masked.replaceAll(boundary, 'BOUNDARY'), told);
  };
  const places = seen.flatMap(({ headers, body }) => [
    ...headers.map(([, value]) => value),
    body.subarray(0, 200).toString('latin1'),
  ]);
  const boundaries = places.flatMap((place) => /(?:boundary="?|^--)([\w.-]+)/.exec(place)?.[1] ?? []);
  const show = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (value instanceof ArrayBuffer || Object.prototype.toString.call(value) === '[object ArrayBuffer]')
      return show(Buffer.from(value as ArrayBuffer));
    if (ArrayBuffer.isView(value))
      return {
        bytes: abridged(text(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1'))),
      };
    if (Array.isArray(value)) return value.map(show);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, show(member)]));
  };
  return show;
}

function abridged(text: string): string {
  return text.length <= 500 ? text : `${text.length} × ${createHash('sha256').update(text).digest('hex')}`;
}
