import { redact } from '@tokenline/core/adapter';
import { asJson, printable, styled, wrapped } from '../terminal.ts';
import { type Exchange, shownBody, shownLocation } from './exchange.ts';

/** What one look has brought. */
export interface Finding {
  readonly level: 'ok' | 'note' | 'problem';
  /** Names it, for those who search for it. */
  readonly id: string;
  readonly text: string;
  /** What to do about it. */
  readonly advice?: string | undefined;
}

interface Step {
  readonly title: string;
  readonly findings: Finding[];
  readonly exchanges: object[];
}

/** Nobody reads more characters of one text. */
const longest = 1_000;
const answerHeaders = ['content-type', 'date', 'location', 'retry-after', 'www-authenticate'];
const marks = { ok: ['green', 'ok     '], note: ['yellow', 'note   '], problem: ['red', 'problem'] } as const;

/** Tells what is done and found, step by step. Nothing that it writes holds a secret. */
export class Report {
  readonly #secrets: ReadonlySet<string>;
  readonly #isJson: boolean;
  readonly #steps: Step[] = [];

  constructor(secrets: ReadonlySet<string>, isJson: boolean) {
    this.#secrets = secrets;
    this.#isJson = isJson;
  }

  get hasProblem(): boolean {
    return this.#steps.some(({ findings }) => findings.some(({ level }) => level === 'problem'));
  }

  step(title: string): void {
    this.#steps.push({ title, findings: [], exchanges: [] });
    this.#write(`\n${styled('bold', title)}\n`, 2);
  }

  /** The start of a foreign text, whose secrets are out before it is cut: what is left of one would not be found. */
  cut(text: string, length: number): string {
    return this.#redacted(text).slice(0, length);
  }

  add(level: Finding['level'], id: string, whole: string, more?: string): void {
    const [text, advice] = [this.cut(whole, longest), more && this.cut(more, longest)];
    this.#steps.at(-1)?.findings.push({ level, id, text, advice });
    const [colour, mark] = marks[level];
    this.#write(`  ${styled(colour, mark)}  ${printable(text)} ${styled('dim', `[${id}]`)}\n`, 11);
    if (advice !== undefined) this.#write(`            ${styled('cyan', '→')} ${printable(advice)}\n`, 14);
  }

  /** Shows what was sent and what came back. */
  show(exchange: Exchange): void {
    const { method, url, headers, form, start, end, answer, failure } = exchange;
    const body = answer ? this.cut(shownBody(answer), longest) : '';
    this.#steps.at(-1)?.exchanges.push({
      request: { method, url, headers: Object.fromEntries(headers), form },
      answer: answer && { status: answer.status, milliseconds: end - start, body },
      ...(failure !== undefined && { failure: nameOf(failure) }),
    });
    const lines = [`→ ${method} ${url}`];
    for (const [name, value] of headers) lines.push(`    ${name}: ${value}`);
    for (const [name, value] of form) lines.push(`    ${name}=${value}`);
    lines.push(answer ? `← ${answer.status} after ${end - start} ms` : `← no answer (${nameOf(failure)})`);
    for (const name of answerHeaders) {
      const value = answer?.headers.get(name);
      if (value) lines.push(`    ${name}: ${name === 'location' ? shownLocation(value) : value}`);
    }
    if (body) lines.push(`    ${body}`);
    this.#write(lines.map((line) => `  ${styled('dim', this.cut(printable(line), longest))}\n`).join(''), 8);
  }

  /** Ends the report with the code to paste. */
  end(code: string, works: boolean): void {
    const title = works ? 'Options to paste' : 'Options, as they were tried';
    if (!this.#isJson) return this.#write(`\n${styled('bold', title)}\n\n${code}`);
    const whole = asJson({ ok: !this.hasProblem, steps: this.#steps, code }, 2);
    process.stdout.write(`${this.#redacted(whole)}\n`);
    return undefined;
  }

  /** @param indent - that of a line which does not fit the terminal, from its second part on. By default it is left whole. */
  #write(text: string, indent?: number): void {
    if (this.#isJson) return;
    const shown = this.#redacted(text);
    process.stdout.write(indent === undefined ? shown : wrapped(shown, indent));
  }

  #redacted(text: string): string {
    return redact(text, [...this.#secrets]);
  }
}

function nameOf(failure: unknown): string {
  const { name = 'Error', cause } = Object(failure) as { name?: string; cause?: { code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : name;
}
