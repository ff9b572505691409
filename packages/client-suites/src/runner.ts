import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program that runs a test file and writes TAP. */
export interface Runner {
  /** The arguments of Node. */
  parameters(folder: string, file: string): readonly string[];
}

const vitestConfig = fileURLToPath(new URL('redirect/vitest.config.ts', import.meta.url));

export const ava: Runner = {
  parameters: (folder, file) => [binaryOf(folder, 'ava'), '--tap', '--timeout=60s', file],
};

export const mocha: Runner = {
  parameters: (folder, file) => [binaryOf(folder, 'mocha'), '--reporter=tap', '--timeout=10000', '--exit', file],
};

export const vitest: Runner = {
  parameters: (folder, file) => [
    binaryOf(folder, 'vitest'),
    'run',
    '--reporter=tap-flat',
    `--config=${vitestConfig}`,
    `--root=${folder}`,
    file,
  ],
};

export const nodeTest: Runner = {
  parameters: (_, file) => ['--expose-gc', '--test-timeout=10000', '--test-reporter=tap', file],
};

function binaryOf(folder: string, name: string): string {
  const home = join(folder, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    readonly bin: string | Readonly<Record<string, string>>;
  };
  const file = typeof bin === 'string' ? bin : bin[name];
  if (file === undefined) throw new Error(`${name} has no program of its name`);
  return join(home, file);
}
