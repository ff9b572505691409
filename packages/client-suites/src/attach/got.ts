import { bearerAuth } from '@tokenline/got';
import got, { type Got } from 'got';
import { options, source } from './elsewhere.ts';

export * from 'got';
const attached: Got = bearerAuth(got, source, options);

export { attached as default, attached as got };
