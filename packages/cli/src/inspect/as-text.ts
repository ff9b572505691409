import { printable, styled } from '../terminal.ts';
import type { Claims, Decoded } from './decode.ts';
import type { Remark } from './remarks.ts';
import { timeInWords } from './time-in-words.ts';

const times = new Set(['exp', 'iat', 'nbf', 'auth_time', 'updated_at']);

const explanations: Readonly<Record<Decoded['kind'], string>> = {
  jwt: 'Nothing here is verified: neither the signature nor the issuer, the audience or the times.',
  jwe: 'This token is encrypted: only its header can be read, and nothing is verified.',
  opaque: 'This token is opaque: only the server that issued it knows what it says.',
};

type Inspection = Decoded & { readonly remarks: readonly Remark[]; readonly introspection: Claims | undefined };

/** The inspection of a token for people to read. */
export function asText(inspection: Inspection, now: number): string {
  const { kind, remarks, introspection } = inspection;
  const parts = [explanations[kind]];
  if (kind !== 'opaque') parts.push(section('Header', inspection.header, now));
  if (kind === 'jwt') {
    parts.push(section('Claims', inspection.claims, now));
    const lines = remarks.map(({ id, text }) => `  - ${printable(text)} ${styled('dim', `[${id}]`)}`);
    parts.push(`${styled('bold', 'Unusual')}\n${lines.join('\n') || '  nothing'}`);
  }
  if (introspection) parts.push(section('What the server says', introspection, now));
  else if (kind !== 'jwt')
    parts.push('To ask the server, pass --issuer, --client-id and what that client authenticates with.');
  return parts.join('\n\n');
}

function section(title: string, fields: Claims, now: number): string {
  const names = Object.keys(fields);
  const width = Math.max(...names.map(({ length }) => length));
  const lines = names.map((name) => {
    const value = fields[name];
    const shown = typeof value === 'string' ? printable(value) : printable(JSON.stringify(value));
    const words = times.has(name) && typeof value === 'number' ? ` (${timeInWords(value, now)})` : '';
    return `  ${styled('cyan', printable(name).padEnd(width))}  ${shown}${words}`;
  });
  return [styled('bold', title), ...lines].join('\n');
}
