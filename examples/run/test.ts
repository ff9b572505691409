// Tests examples as their readers get them: `npx -y pnpm@12 examples [name …]`, all of them without a name.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installExamples, names } from './install.ts';

const wanted = process.argv.length > 2 ? process.argv.slice(2) : names;
const folder = mkdtempSync(join(tmpdir(), 'tokenline-examples-'));
try {
  await installExamples(folder, wanted);
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const tests = wanted.map((name) => `examples/test/${name}.test.ts`);
  const { status } = spawnSync(
    'node',
    [...jest, '--config', 'examples/test/jest.config.ts', '--runTestsByPath', ...tests],
    {
      env: { ...process.env, EXAMPLES: folder },
      stdio: 'inherit',
    },
  );
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
