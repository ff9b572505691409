import { describeFaults } from '@tokenline/adapter-tests/faults';
import { describeAdapter } from '@tokenline/adapter-tests/suite';
import { newest, oldest } from './versions.ts';

describeAdapter(newest.adapter);
describeAdapter(oldest.adapter);
describeFaults(newest.adapter);
