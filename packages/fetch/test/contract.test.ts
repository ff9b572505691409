import { describeFaults } from '@tokenline/adapter-tests/faults';
import { describeAdapter } from '@tokenline/adapter-tests/suite';
import { nodeFetch } from './driver.ts';

describeAdapter(nodeFetch);
describeFaults(nodeFetch);
