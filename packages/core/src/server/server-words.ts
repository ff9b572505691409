import { redact } from '../common/redaction.ts';

/** The names under which servers and gateways say what is wrong. */
const telling = /^(error|fault)?_?(code|summary|message|msg|description|string|title|detail|reason|error)$/i;

/** Text of the server that goes into a message: redacted before it is cut, which might split a secret; printable; one line. */
export function printable(value: unknown, secrets: readonly string[], length: number): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return redact(value, secrets)
    .replaceAll(/[^\x20-\x7e]/g, ' ')
    .slice(0, length);
}

interface Answer {
  readonly text: string;
  /** The JSON object of the text, where it is one. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** What an answer says that is not an error of OAuth: in JSON of any shape, in plain text, or as the title of a page. */
export function wordsOf({ text, body }: Answer, secrets: readonly string[]): string | undefined {
  // Redacted first: a secret may hold what looks like a tag. Cut then, since few pages say anything new after that.
  const start = redact(text, secrets).slice(0, 10_000);
  const [, title] = /<title[^<>]*>([^<]*)/i.exec(start) ?? [];
  const plain = title ?? start.replaceAll(/<[^<>]*>/g, ' ');
  const leaves = body === undefined ? [] : leavesOf(body).map((leaf) => redact(leaf, secrets));
  const said = body === undefined ? plain : [...new Set(leaves)].join(', ');
  return printable(said.replaceAll(/\s+/g, ' ').trim(), [], 200);
}

/** The texts in a JSON value whose names tell that they are about the error. */
function leavesOf(value: unknown, name = '', depth = 0): string[] {
  if (typeof value === 'string') return telling.test(name) ? [value] : [];
  if (typeof value !== 'object' || value === null || depth > 3) return [];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, Array.isArray(value) ? name : key, depth + 1));
}
