import { type AdapterUnderTest, installedVersion } from '@tokenline/adapter-tests/suite';
import * as undici from 'undici';
import * as oldestUndici from 'undici-oldest';
import { type Undici, undiciAdapter } from './driver.ts';

/** A version of undici that the tests run with. */
export interface Version {
  /** The name by which it is imported. */
  readonly name: string;
  readonly undici: Undici;
  readonly adapter: AdapterUnderTest;
}

const version = (name: string, library: Undici): Version => ({
  name,
  undici: library,
  adapter: undiciAdapter(`undici ${installedVersion(name, import.meta.url)}`, library),
});

export const newest: Version = version('undici', undici);
export const oldest: Version = version('undici-oldest', oldestUndici as unknown as Undici);
