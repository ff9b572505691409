import type { Encryption } from './encryption.ts';

/**
 * What is stored under a name as it is, with the name before it. That shows when it was copied or moved to another name, unless
 * somebody has changed it there: nothing vouches for it.
 */
export class Plaintext implements Pick<Encryption, 'seal' | 'open'> {
  async seal(name: string, text: string): Promise<string> {
    return headOf(name) + text;
  }

  /** @throws Error where it belongs to another name. */
  async open(name: string, text: string): Promise<string> {
    const head = headOf(name);
    if (!text.startsWith(head)) throw new Error('it belongs to another name');
    return text.slice(head.length);
  }
}

/** In quotation marks, so that the end of the name is clear. */
function headOf(name: string): string {
  return `${JSON.stringify(name)} `;
}
