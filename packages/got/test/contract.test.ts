import { describeFaults } from '@tokenline/adapter-tests/faults';
import { describeAdapter } from '@tokenline/adapter-tests/suite';
import { newest, oldest } from './versions.ts';

for (const { adapter } of [newest, oldest]) {
  describeAdapter(adapter);
  describeFaults(adapter);
}
