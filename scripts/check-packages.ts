// Checks what npm would publish: packs every built package, lints the tarballs, and installs them all in an empty folder.
import { execFileSync, execSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly exports: Record<string, unknown>;
}

// Run in the empty folder, with the names of the packages as arguments.
const importAndRequire = `
  for (const name of process.argv.slice(1)) {
    import(name).then((imported) => {
      if (Object.keys(imported).length === 0) throw new Error(name + ' exports nothing');
      if (require(name) !== imported) throw new Error(name + ': require() gives another module than import');
      console.log(name + ' exports ' + Object.keys(imported).join(', '));
    });
  }`;

// Run there too: an error that the entry for adapters makes is one of the class that the entry for users shows.
const sameClass = `
  const { TokenError } = require('@tokenline/core');
  const { Authorizer } = require('@tokenline/core/adapter');
  const source = { getToken: async () => ({ value: 'refused', type: 'Bearer' }) };
  const url = 'https://api.example.com/';
  new Authorizer(source, url).authorize({ url }).then(async (authorized) => {
    await authorized.retry({ status: 401, headers: {} }, undefined);
    if (!(authorized.failure instanceof TokenError)) throw new Error('the entries of core have classes of their own');
    console.log('the entries of core share their classes');
  });`;

const folder = mkdtempSync(join(tmpdir(), 'tokenline-'));
const run = (command: string, cwd = folder): Buffer => execSync(command, { cwd, stdio: 'inherit' });

try {
  const packages = globSync('packages/*/dist/index.js').map((file) => dirname(dirname(file)));
  for (const directory of packages) run(`pnpm --silent pack --pack-destination ${folder}`, directory);

  for (const tarball of globSync('*.tgz', { cwd: folder })) {
    run(`publint run ${tarball} --strict`);
    // ESM only is the promise: require() gets the ES module, as Node 22.12 and newer allow.
    run(`attw ${tarball} --profile node16 --ignore-rules cjs-resolves-to-esm --no-summary --format ascii`);
  }

  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  run('npm install --no-audit --no-fund --loglevel error ./*.tgz');
  const names = packages.flatMap((directory) => {
    const { name, exports } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
    return Object.keys(exports).map((path) => `${name}${path.slice(1)}`);
  });
  execFileSync('node', ['--eval', importAndRequire, ...names], { cwd: folder, stdio: 'inherit' });
  execFileSync('node', ['--eval', sameClass], { cwd: folder, stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true });
}
