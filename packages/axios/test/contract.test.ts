import { describeFaults } from '@tokenline/adapter-tests/faults';
import { describeAdapter } from '@tokenline/adapter-tests/suite';
import axios from 'axios';
import { axiosAdapter } from './driver.ts';

for (const adapter of [axiosAdapter(axios), axiosAdapter(axios, 'fetch')]) {
  describeAdapter(adapter);
  describeFaults(adapter);
}
