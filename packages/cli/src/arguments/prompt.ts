import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks on the terminal for a text that is not shown while it is typed. */
export async function prompt(question: string, signal: AbortSignal): Promise<string> {
  const muted = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: muted, terminal: true });
  // In raw mode the terminal sends a character in place of the signal.
  reader.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  process.stderr.write(`${question}: `);
  try {
    return await reader.question('', { signal });
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}
