/** The names of tests, each unique: the second of a name ends in `(2)`. Skipped tests are in neither set. */
export interface Outcome {
  readonly passed: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
}

/**
 * Reads the Test Anything Protocol, as ava, mocha, vitest and Node write it.
 *
 * @param prefix - begins the name of each test.
 * @see {@link https://testanything.org/tap-version-14-specification.html | TAP 14}
 */
export function readTap(text: string, prefix = ''): Outcome {
  const passed = new Set<string>();
  const failed = new Set<string>();
  const parents: string[] = [];
  const count = new Map<string, number>();
  let details = false;
  for (const line of text.split('\n')) {
    if (/^ *---$/.test(line)) details = true;
    else if (/^ *\.\.\.$/.test(line)) details = false;
    if (details) continue;
    const subtest = /^( *)# Subtest: (.*)$/.exec(line);
    if (subtest) parents[depthOf(subtest[1])] = subtest[2] ?? '';
    const [, indent, not, ownName = ''] = /^( *)(not )?ok \d+(?: - | )(.*)$/.exec(line) ?? [];
    if (indent === undefined || /(?<!\\)# (skip|todo)\b/i.test(ownName)) continue;
    const name = [prefix, ...parents.slice(0, depthOf(indent)), withoutDirective(ownName)].filter(Boolean).join(' › ');
    const times = (count.get(name) ?? 0) + 1;
    count.set(name, times);
    (not ? failed : passed).add(times === 1 ? name : `${name} (${times})`);
  }
  return { passed, failed };
}

/** vitest writes the time that a test took behind its name. */
function withoutDirective(name: string): string {
  return name.replace(/ # time=\S+$/, '').trim();
}

function depthOf(indent = ''): number {
  return indent.length / 4;
}
