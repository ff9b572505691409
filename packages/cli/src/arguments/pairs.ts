import { UsageError } from '../usage-error.ts';

/** Splits `name=value`. */
export function pairs(option: string, texts: readonly string[]): [name: string, value: string][] {
  return texts.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`${option} takes name=value`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
}
