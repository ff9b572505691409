import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colours a text where the stream is a terminal, or `FORCE_COLOR` says so, and `NO_COLOR` does not forbid it. */
export function styled(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

/** Foreign text on one line: a terminal obeys control characters. */
export function printable(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
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
