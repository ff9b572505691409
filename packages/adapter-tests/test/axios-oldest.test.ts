import { jest } from '@jest/globals';
import type current from 'axios';
import * as oldest from 'axios-oldest';
import { describeAdapter } from '../src/contract.ts';

const axios = oldest.default as unknown as typeof current;

// `@tokenline/axios` must find the axios that its user has installed, so it is loaded after this.
jest.unstable_mockModule('axios', () => ({ ...oldest }));
const { axiosAdapter } = await import('./drivers/axios.ts');

describeAdapter(axiosAdapter(`axios ${axios.VERSION}`, axios));
describeAdapter(axiosAdapter(`axios ${axios.VERSION} over fetch`, axios, 'fetch'));
