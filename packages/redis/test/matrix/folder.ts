import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

/** Where the servers of one file keep theirs. */
export const folder: string = await mkdtemp(join(tmpdir(), 'tokenline-'));
afterAll(() => rm(folder, { recursive: true, maxRetries: 5 }));

/** The title of tests that need a program; where they are skipped, it says why. */
export const titleWith = (program: string, runs: boolean): string =>
  runs ? program : `${program} (it is not on the path)`;
