import { ownCopy } from './own.ts';

/** Parses a JSON object; `undefined` for any other text. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? ownCopy(value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
