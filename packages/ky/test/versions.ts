import { type AdapterUnderTest, installedVersion } from '@tokenline/adapter-tests/suite';
import ky, { type KyInstance } from 'ky';
import oldestKy from 'ky-oldest';
import { type Generation, ky1, ky2, kyAdapter } from './driver.ts';

/** A version of ky that the tests run with. */
interface Version {
  readonly ky: KyInstance;
  readonly generation: Generation;
  readonly adapter: AdapterUnderTest;
}

const version = (installed: string, base: KyInstance, generation: Generation): Version => ({
  ky: base,
  generation,
  adapter: kyAdapter(`ky ${installedVersion(installed, import.meta.url)}`, base, generation),
});

export const newest: Version = version('ky', ky, ky2);
export const oldest: Version = version('ky-oldest', oldestKy as unknown as KyInstance, ky1);
