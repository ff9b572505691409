type Inspect = (value: unknown) => string;

interface Hosts {
  readonly Bun?: { inspect: Inspect };
  readonly Deno?: { inspect: Inspect };
  readonly process?: { getBuiltinModule?(id: string): { inspect: Inspect } | undefined };
}

/** All that a log can show of a value in this runtime: what its console prints, and what JSON and enumeration find. */
export function shownOf(value: unknown): string {
  const ways = [String, JSON.stringify, enumerated, ...inspectors()];
  return ways.map((show) => attempt(() => show(value))).join('\n');
}

/** What `console.log` prints objects with, where it can be called: browsers show whatever one clicks on. */
function inspectors(): Inspect[] {
  const { Bun, Deno, process } = globalThis as Hosts;
  const found = Bun?.inspect ?? Deno?.inspect ?? process?.getBuiltinModule?.('node:util')?.inspect;
  return found === undefined ? [] : [found];
}

/** Some values cannot be shown in some ways: sockets refer to each other, say. */
function attempt(show: () => string | undefined): string {
  try {
    return show() ?? '';
  } catch {
    return '';
  }
}

function enumerated(value: unknown, depth = 4): string {
  if (typeof value !== 'object' || value === null || depth === 0) return String(value);
  const texts: string[] = [];
  for (const key in value)
    texts.push(`${key}: ${attempt(() => enumerated((value as Record<string, unknown>)[key], depth - 1))}`);
  return texts.join(', ');
}
