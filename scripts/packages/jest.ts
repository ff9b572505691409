import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Packed } from './packed.ts';
import { install, run } from './run.ts';

const consumers = join(import.meta.dirname, 'consumers/jest');

/** Each version of Jest, with the version of NestJS that came with it. */
const versions = { '29': '10', '30': '11' };

/** The default set-ups: what `jest` or the documentation of a transformer says, and what `nest new` writes. */
const projects: Readonly<
  Record<string, { readonly test: string; readonly jest: object; readonly files?: Readonly<Record<string, object>> }>
> = {
  plain: { test: 'requiring.js', jest: {} },
  babel: {
    test: 'importing.js',
    jest: {},
    files: { 'babel.config.json': { presets: [['@babel/preset-env', { targets: { node: 'current' } }]] } },
  },
  'ts-jest': {
    test: 'importing.ts',
    jest: { preset: 'ts-jest' },
    files: {
      'tsconfig.json': {
        compilerOptions: { module: 'commonjs', target: 'es2022', strict: true, esModuleInterop: true },
      },
    },
  },
  swc: { test: 'importing.ts', jest: { transform: { '^.+\\.(t|j)sx?$': '@swc/jest' } } },
  'nest-10': nest({ module: 'commonjs', target: 'ES2021' }),
  'nest-11': nest({ module: 'nodenext', moduleResolution: 'nodenext', target: 'ES2023', isolatedModules: true }),
};

function nest(compilerOptions: object): (typeof projects)[string] {
  const decorators = { emitDecoratorMetadata: true, experimentalDecorators: true };
  const rest = { allowSyntheticDefaultImports: true, strictNullChecks: true, skipLibCheck: true, noImplicitAny: false };
  return {
    test: 'nest.ts',
    jest: { testRegex: '.*\\.test\\.ts$', transform: { '^.+\\.(t|j)s$': 'ts-jest' }, testEnvironment: 'node' },
    files: { 'tsconfig.json': { compilerOptions: { ...compilerOptions, ...decorators, ...rest } } },
  };
}

/** Runs the tests of users in each set-up, with each version of Jest. */
export async function checkJest(folder: string, packages: readonly Packed[]): Promise<void> {
  const tarballs = packages.filter(({ name }) => /core|axios/.test(name)).map(({ tarball }) => tarball);
  for (const [version, nestjs] of Object.entries(versions)) {
    const own = join(folder, `jest-${version}`);
    mkdirSync(own);
    const transformers = [
      'ts-jest@29',
      '@swc/jest',
      '@swc/core',
      '@babel/core@7',
      '@babel/preset-env@7',
      'typescript@5.9',
    ];
    const framework = ['common', 'core', 'testing', 'platform-express'].map((name) => `@nestjs/${name}@${nestjs}`);
    const rest = ['reflect-metadata', 'rxjs@7', 'axios', '@types/node@22'];
    await install(own, `jest@${version}`, ...transformers, ...framework, ...rest, ...tarballs);
    for (const [name, { test, jest, files = {} }] of Object.entries(projects)) {
      const project = join(own, name);
      mkdirSync(project);
      const ending = test.slice(test.indexOf('.'));
      copyFileSync(
        join(consumers, test.replace('importing.ts', 'importing.js')),
        join(project, `orders.test${ending}`),
      );
      for (const [file, content] of Object.entries({ 'jest.config.json': jest, ...files }))
        writeFileSync(join(project, file), JSON.stringify(content));
    }
    await run(own, 'node', 'node_modules/jest/bin/jest.js', '--projects', ...Object.keys(projects));
    console.log(`Jest ${version} runs the tests of ${Object.keys(projects).join(', ')}`);
  }
}
