import { bearerAuth } from '@tokenline/fetch';
import fetch from 'node-fetch';
import { options, source } from './elsewhere.ts';

export * from 'node-fetch';
export default bearerAuth(fetch as never, source, options) as unknown as typeof fetch;
