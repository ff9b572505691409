import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { asJson } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { prompt } from './prompt.ts';

/** A text that may be secret. */
export interface SecretText {
  /** Reads it as it is now, without a line break at its end. Standard input and the terminal are read once. */
  read(): Promise<string>;
  /** The file, where it is one. */
  readonly path: string | undefined;
  /** The JavaScript that reads it. */
  readonly code: string;
}

/** Where secrets come from: never from the command line itself, which everybody on the machine can read. */
export class SecretTexts {
  /** The options whose text ended in a line break, which was cut off. */
  readonly withLineBreak: Set<string> = new Set();
  /** Every text that was read, and must not be shown. */
  readonly read: Set<string> = new Set();
  readonly #signal: AbortSignal;
  /** Rejects when the command is interrupted: a pipe may never end. */
  readonly #aborted: Promise<never>;
  readonly #known: Map<string, SecretText> = new Map();
  #readerOfStdin: string | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    this.#aborted = new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    // Whoever reads a text waits for it; perhaps nobody does.
    this.#aborted.catch(() => {});
  }

  /**
   * Reads what an option says of its text: `env:NAME`, `@file`, or `@-` for standard input.
   *
   * @throws UsageError that names the option, and does not repeat its value.
   */
  from(option: string, from: string): SecretText {
    const text = this.#known.get(option) ?? this.#from(option, from);
    this.#known.set(option, text);
    return text;
  }

  #from(option: string, from: string): SecretText {
    if (from === '@-') return this.#stdin(option);
    if (from.startsWith('@')) {
      const path = from.slice(1);
      return this.#text(option, () => readFile(path, 'utf8'), `await readFile(${quoted(path)}, 'utf8')`, path);
    }
    const [, name] = /^env:(\w+)$/.exec(from) ?? [];
    if (name === undefined)
      throw new UsageError(`${option} takes env:NAME, @file or @- (standard input): a command line is no secret`);
    return this.#text(option, async () => process.env[name] ?? '', `process.env.${name}`);
  }

  /** Asks on the terminal, where there is one. */
  prompted(option: string, question: string): SecretText {
    if (!process.stdin.isTTY) throw new UsageError(`${option} is missing: env:NAME, @file or @- (standard input)`);
    return this.#once(option, () => prompt(question, this.#signal));
  }

  #stdin(option: string): SecretText {
    if (this.#readerOfStdin !== undefined)
      throw new UsageError(`${option} and ${this.#readerOfStdin} cannot both come from standard input`);
    this.#readerOfStdin = option;
    return this.#once(option, () => textOf(process.stdin));
  }

  #once(option: string, load: () => Promise<string>): SecretText {
    let loaded: Promise<string> | undefined;
    return this.#text(option, () => (loaded ??= load()), `'…'`);
  }

  #text(option: string, load: () => Promise<string>, code: string, path?: string): SecretText {
    const read = async (): Promise<string> => {
      const whole = await Promise.race([load(), this.#aborted]).catch((error: NodeJS.ErrnoException) => {
        this.#signal.throwIfAborted();
        throw new UsageError(`${option} cannot be read (${error.code ?? error.message})`);
      });
      const kept = whole.replace(/[\r\n]+$/, '');
      if (kept === '') throw new UsageError(`${option} is empty`);
      if (kept !== whole) this.withLineBreak.add(option);
      // Shorter ones are no secrets, and to cut them out would leave nothing to read.
      if (kept.length > 3) this.read.add(kept);
      return kept;
    };
    return { read, code, path };
  }
}

/** A JavaScript string. */
export function quoted(value: string): string {
  return `'${asJson(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
