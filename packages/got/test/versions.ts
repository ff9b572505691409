import { type AdapterUnderTest, installedVersion, unsupported } from '@tokenline/adapter-tests/suite';
import got, { type Got } from 'got';
import oldestGot from 'got-oldest';
import { gotAdapter } from './driver.ts';

/** A version of got that the tests run with. */
interface Version {
  readonly got: Got;
  readonly adapter: AdapterUnderTest;
}

const refused = unsupported('this got refuses it');

const version = (installed: string, base: Got, bodies: Partial<AdapterUnderTest['bodies']>): Version => ({
  got: base,
  adapter: gotAdapter(`got ${installedVersion(installed, import.meta.url)}`, base, bodies),
});

export const newest: Version = version('got', got, { 'npm form-data': refused });
export const oldest: Version = version('got-oldest', oldestGot as unknown as Got, {
  'typed array': refused,
  'web stream': refused,
  'async iterable': refused,
});
