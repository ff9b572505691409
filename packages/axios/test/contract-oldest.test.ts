import { jest } from '@jest/globals';
import { describeAdapter } from '@tokenline/adapter-tests/suite';
import type current from 'axios';
import * as oldest from 'axios-oldest';

const axios = oldest.default as unknown as typeof current;

// `@tokenline/axios` must find the axios that its user has installed, so it is loaded after this.
jest.unstable_mockModule('axios', () => ({ ...oldest }));
const { axiosAdapter } = await import('./driver.ts');

describeAdapter(axiosAdapter(axios));
describeAdapter(axiosAdapter(axios, 'fetch'));
