import { styleText } from 'node:util';

const start = performance.now();

/** Prints what happens, as it happens, in 80 columns. Colours are for terminals only; `styleText` looks at the stream. */
export const timeline = {
  title(text: string): void {
    console.log(`\n${styleText('bold', text)}`);
  },

  event(asked: string, answered: string, cost: string): void {
    const at = `${((performance.now() - start) / 1_000).toFixed(1)} s`.padStart(7);
    const answer = answered.padEnd(20);
    console.log(
      `${styleText('dim', at)}  ${asked.padEnd(28)} ${styleText('green', answer)} ${styleText('cyan', cost)}`,
    );
  },

  /** Ends it, with what to try next. */
  done(next: Readonly<Record<string, string>>): void {
    console.log(`\n${styleText('green', 'Every figure is what it should be.')} Next:\n`);
    for (const [what, why] of Object.entries(next)) console.log(`  ${styleText('bold', what.padEnd(30))} ${why}`);
  },
};

/** `1 token request`, `2 token requests`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

/** A figure that is not what it should be ends the demo, with this as the reason. */
export class WrongFigure extends Error {
  override readonly name = 'WrongFigure';
}

export function expectFigure(what: string, actual: number, expected: number): void {
  if (actual !== expected) throw new WrongFigure(`${what}: expected ${expected}, got ${actual}`);
}
