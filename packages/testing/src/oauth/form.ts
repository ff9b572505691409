import { invalidRequest } from './refusal.ts';

/** What may be there more than once (RFC 8707, RFC 8693). */
const lists = ['resource', 'audience'];

/**
 * Reads the form of a request.
 *
 * @throws Refusal (`invalid_request`) when it is no form, or has a parameter twice.
 */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const form = await readFields(request);
  const repeated = [...new Set(form.keys())].filter((name) => !lists.includes(name) && form.getAll(name).length > 1);
  if (repeated.length > 0) throw invalidRequest(`repeated parameters: ${repeated.join(', ')}`);
  return form;
}

/**
 * Reads the fields of a form, however often each is there. What is empty counts as absent (RFC 6749 §3.1).
 *
 * @throws Refusal (`invalid_request`) when it is no form.
 */
export async function readFields(request: Request): Promise<URLSearchParams> {
  const [type = ''] = (request.headers.get('content-type') ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/x-www-form-urlencoded')
    throw invalidRequest('the content type must be application/x-www-form-urlencoded');
  return new URLSearchParams([...new URLSearchParams(await request.text())].filter(([, value]) => value !== ''));
}

/** The values of a space-separated list. */
export function wordsOf(text: string | null | undefined): string[] {
  return (text ?? '').split(' ').filter(Boolean);
}
