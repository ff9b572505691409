import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{packages,tools}/*/test/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
  // What a broken off mutation test leaves behind.
  modulePathIgnorePatterns: ['<rootDir>/.stryker-tmp/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }] },
  // For what hangs. How long something takes is no test's affair: the machine may have other things to do.
  testTimeout: 900_000,
  reporters: [
    'default',
    './scripts/jest-skipped.mjs',
    ...(process.env.JEST_COUNTS ? ['./scripts/jest-counts.mjs'] : []),
  ],
};

export default config;
