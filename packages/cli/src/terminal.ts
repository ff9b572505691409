import { stripVTControlCharacters, styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colours a text where the stream is a terminal, or `FORCE_COLOR` says so, and `NO_COLOR` does not forbid it. */
export function styled(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

/** What a terminal obeys, or shows as something else. */
const obeyed = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Foreign text on one line: a terminal obeys control characters. */
export function printable(text: string): string {
  return text.replaceAll(obeyed, escaped);
}

/** JSON for programs, which is often read on a terminal: JSON itself leaves many control characters as they are. */
export function asJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replaceAll(obeyed, (character) =>
    character === '\n' ? character : escaped(character),
  );
}

/** A character as JSON and JavaScript escape it: each half of a pair by itself. */
function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** Lines that fit a terminal, broken between words and indented from the second on. In a pipe they are left as they are. */
export function wrapped(text: string, indent: number, { isTTY, columns }: NodeJS.WriteStream = process.stdout): string {
  if (!isTTY) return text;
  const width = columns || 80;
  return text.replaceAll(/.+/g, (line) => {
    let used = 0;
    return line.replaceAll(/ *[^ ]+/g, (word) => {
      const { length } = stripVTControlCharacters(word);
      const fits = used === 0 || used + length <= width;
      used = fits ? used + length : indent + stripVTControlCharacters(word.trimStart()).length;
      return fits ? word : `\n${' '.repeat(indent)}${word.trimStart()}`;
    });
  });
}

export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Shows on a terminal what is under way, as long as it is. */
export async function withProgress<T>(text: string, work: Promise<T>): Promise<T> {
  const { stderr } = process;
  if (!stderr.isTTY) return work;
  stderr.write(styled('dim', `${text} …`, stderr));
  return work.finally(() => stderr.write('\r\u001b[K'));
}
