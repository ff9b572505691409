import type { Config } from 'jest';
import config from '../../jest.config.ts';

/** Only the tests of the examples, which need more than the other tests. */
const examples: Config = { ...config, rootDir: '../..', testMatch: ['<rootDir>/examples/test/*.test.ts'] };

export default examples;
